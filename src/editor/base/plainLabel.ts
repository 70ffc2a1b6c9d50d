import { displayName } from '../../base/displayName.ts';

/** Escapes a name from outside for a label, where VS Code would draw `$(icon)` as an icon. */
export function plainLabel(name: string): string {
  return displayName(name).replaceAll('$(', '\\$(');
}

/** The label without the escapes of `plainLabel`, for places that draw no icons. */
export function withoutEscapes(label: string): string {
  return label.replaceAll('\\$(', '$(');
}

const MAX_MESSAGE_LENGTH = 600;

/**
 * Shortens and escapes text from outside for a notification, where VS Code would turn
 * `[text](target)` into a link, even one that runs a command. The log has the full text.
 */
export function plainMessage(text: string): string {
  const short = text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
  return withoutLinks(displayName(short));
}

/** Escapes text for a prompt, where VS Code makes the same links. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
