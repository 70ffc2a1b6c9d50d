import { shorten } from '../../base/shorten.ts';

const MAX_LENGTH = 200;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
};

/** Whether a body is a web page, which Consul's API never sends. */
export function isMarkup(body: string, contentType: unknown = ''): boolean {
  return /^\s*</.test(body) || /^(?:text\/html|application\/xhtml)/i.test(String(contentType));
}

/**
 * Converts the body of a response to text for a message: the first line, and of a web page its title or
 * first heading, without any markup.
 * @returns an empty string if there is no such text
 */
export function responseText(body: string): string {
  const text = isMarkup(body) ? titleOf(body) : body;
  const [line = ''] = text.trim().split(/[\r\n]/, 1);
  return shorten(line.replace(/\s+/g, ' ').trim(), MAX_LENGTH);
}

function titleOf(markup: string): string {
  const [, , inside = ''] = /<(title|h1|h2)\b[^>]*>\s*([^<]*[^<\s])/i.exec(markup) ?? [];
  return inside
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
    .replace(/\s+/g, ' ');
}
