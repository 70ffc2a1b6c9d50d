/** Differences that do not count when outputs are compared. */
export interface Ignored {
  /** Space at the ends of lines, and empty lines at the end. */
  readonly trailingSpace?: boolean;
  /** Dates and times of day, in the common spellings. */
  readonly timestamps?: boolean;
  /** The node's own name, in full or up to its first dot, whatever its case. */
  readonly ownName?: boolean;
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const ZONE = '(?:Z|[+-]\\d\\d:?\\d\\d|[A-Z]{3,4})';
const CLOCK = '\\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: ?[AP]M)?';

/**
 * Such as `2026-02-03T04:05:06.789Z`, `Tue Feb  3 04:05:06 UTC 2026`, `03/Feb/2026:04:05:06 +0000`,
 * `Feb  3 04:05:06`, `2026-02-03`, `04:05:06`. Bare numbers are left alone: nothing tells seconds
 * since the epoch from a size.
 */
const TIMESTAMP = new RegExp(
  [
    `\\b\\d{4}[-/]\\d\\d[-/]\\d\\d(?:[T ]${CLOCK}(?: ?${ZONE}\\b)?)?`,
    `\\b\\d\\d/${MONTH}/\\d{4}:${CLOCK}(?: ?${ZONE}\\b)?`,
    `\\b(?:${WEEKDAY},? {1,2})?(?:\\d{1,2} ${MONTH} \\d{4}|${MONTH} {1,2}\\d{1,2})(?:,? \\d{4})? ${CLOCK}(?: ${ZONE}\\b)?(?: \\d{4}\\b)?`,
    `\\b${CLOCK}(?: ?${ZONE}\\b)?`,
  ].join('|'),
  'g',
);

/** Quick to tell, and true of every text with a timestamp in it. */
const MAY_HOLD_TIMESTAMP = /\d[-:/]\d\d/;

/** What stands in the place of what is left out: no line of text has this character. */
const GAP = '\u0000';

export function ignoresAnything(ignored: Ignored): boolean {
  return Object.values(ignored).some(Boolean);
}

/** @returns what is left of a node's lines when differences are ignored */
export function linesFilter(
  ignored: Ignored,
  node: string,
): (lines: readonly string[]) => readonly string[] {
  const own = ignored.ownName ? ownName(node) : undefined;
  return (lines) => {
    // In one text, since most of the cost is in the calls.
    let text = lines.join('\n');
    if (own) text = text.replace(own, GAP);
    if (ignored.timestamps && MAY_HOLD_TIMESTAMP.test(text)) text = text.replace(TIMESTAMP, GAP);
    const rest = text.split('\n');
    return ignored.trailingSpace ? rest.map((line) => line.trimEnd()) : rest;
  };
}

/** Matches the name as a word of its own: `web-1` is not in `web-10`, nor in `my-web-1`. */
function ownName(node: string): RegExp {
  const short = node.split('.', 1)[0];
  const names = short && short !== node ? [node, short] : [node];
  return new RegExp(`(?<![\\w-])(?:${names.map(escapeRegExp).join('|')})(?![\\w-])`, 'gi');
}

/** The expression that matches exactly this text. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
