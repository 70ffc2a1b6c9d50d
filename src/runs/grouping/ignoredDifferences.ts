import { escapeRegExp } from '../../base/escapeRegExp.ts';
import { replaceTimestamps } from './timestamps.ts';

/** Differences that do not count when outputs are compared. */
export interface IgnoredDifferences {
  /** Space at the ends of lines, and empty lines at the end. */
  readonly trailingSpace?: boolean;
  /** Dates and times of day, in the common spellings. */
  readonly timestamps?: boolean;
  /** The node's own name, in full or up to its first dot, in any case. */
  readonly ownName?: boolean;
}

/** All differences, in the order in which they are listed. */
export const DIFFERENCES = [
  'trailingSpace',
  'timestamps',
  'ownName',
] as const satisfies readonly (keyof IgnoredDifferences)[];

/** Replaces text that is left out: no line of text has this character. */
export const PLACEHOLDER = '\u0000';

/** The differences that are ignored. */
export function listIgnored(ignored: IgnoredDifferences): readonly (keyof IgnoredDifferences)[] {
  return DIFFERENCES.filter((difference) => ignored[difference] === true);
}

/**
 * @param name the node's name on the node itself, decoded as the text is
 * @returns a function that removes the ignored differences from whole lines, each with its line end
 * except perhaps the last. For digests, a text is bytes decoded as `latin1`, so that bytes that are
 * invalid in every text encoding stay a difference.
 */
export function textFilter(ignored: IgnoredDifferences, name: string): (text: string) => string {
  const own = ignored.ownName ? ownName(name) : undefined;
  return (text) => {
    const unnamed = own ? text.replace(own, PLACEHOLDER) : text;
    const timeless = ignored.timestamps ? replaceTimestamps(unnamed, PLACEHOLDER) : unnamed;
    return ignored.trailingSpace ? timeless.replace(TRAILING_SPACE, '') : timeless;
  };
}

/** Not every kind of Unicode space: a part of a character could look like it. */
const TRAILING_SPACE = /(?<![ \t\r\v\f])[ \t\r\v\f]+(?=\n|$)/g;

/** Matches the name as a whole word: `web-1` is not in `web-10`, nor in `my-web-1`. */
function ownName(name: string): RegExp {
  const short = name.split('.', 1)[0];
  const names = short && short !== name ? [name, short] : [name];
  return new RegExp(`(?<![\\w-])(?:${names.map(escapeRegExp).join('|')})(?![\\w-])`, 'gi');
}
