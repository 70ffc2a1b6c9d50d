import { displayName } from '../runs/displayText.ts';

/** A name from outside for a label in which the editor would draw `$(icon)`. */
export function plainLabel(name: string): string {
  return displayName(name).replaceAll('$(', '\\$(');
}

const LONGEST_MESSAGE = 600;

/**
 * A text with words from outside for a notification, where the editor would make a link, even one
 * that runs a command, of `[text](target)`. The log has the whole of it.
 */
export function plainMessage(text: string): string {
  const short = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
  return withoutLinks(displayName(short));
}

/** Text for a prompt, where the editor makes the same links. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
