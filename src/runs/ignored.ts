import { replaceTimestamps } from './timestamps.ts';

/** Differences that do not count when outputs are compared. */
export interface Ignored {
  /** Space at the ends of lines, and empty lines at the end. */
  readonly trailingSpace?: boolean;
  /** Dates and times of day, in the common spellings. */
  readonly timestamps?: boolean;
  /** The node's own name, in full or up to its first dot, whatever its case. */
  readonly ownName?: boolean;
}

/** All there are, in the order they are told. */
export const DIFFERENCES = [
  'trailingSpace',
  'timestamps',
  'ownName',
] as const satisfies readonly (keyof Ignored)[];

/** What stands in the place of what is left out: no line of text has this character. */
const GAP = '\u0000';

/** The differences that are ignored. */
export function ignoredOf(ignored: Ignored): readonly (keyof Ignored)[] {
  return DIFFERENCES.filter((difference) => ignored[difference] === true);
}

/**
 * @param name of the node, as the node itself knows it
 * @returns what is left of whole lines, each with its line end but perhaps the last, when
 * differences are ignored. Texts are bytes here, as `latin1` gives them: what no text encoding
 * knows stays a difference.
 */
export function textFilter(ignored: Ignored, name: string): (text: string) => string {
  const own = ignored.ownName ? ownName(Buffer.from(name).toString('latin1')) : undefined;
  return (text) => {
    const unnamed = own ? text.replace(own, GAP) : text;
    const timeless = ignored.timestamps ? replaceTimestamps(unnamed, GAP) : unnamed;
    return ignored.trailingSpace ? timeless.replace(SPACE_AT_END, '') : timeless;
  };
}

/** Not whatever Unicode takes for space: half a character could look like it. */
const SPACE_AT_END = /(?<![ \t\r\v\f])[ \t\r\v\f]+(?=\n|$)/g;

/** Matches the name as a word of its own: `web-1` is not in `web-10`, nor in `my-web-1`. */
function ownName(name: string): RegExp {
  const short = name.split('.', 1)[0];
  const names = short && short !== name ? [name, short] : [name];
  return new RegExp(`(?<![\\w-])(?:${names.map(escapeRegExp).join('|')})(?![\\w-])`, 'gi');
}

/** The expression that matches exactly this text. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
