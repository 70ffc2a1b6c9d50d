import { quoteRe2 } from './re2.ts';
import { takeTurns } from './turns.ts';

/**
 * The RE2 expression that matches exactly these names and nothing else. Common beginnings and the
 * common end are written once, and branches that go on alike share one character class, so that
 * `web-01 … web-12` becomes `^web-(?:0[1-9]|1[0-2])$`.
 * @param names at least one
 */
export function exactExpression(names: Iterable<string>): string {
  const all = [...new Set(names)].sort();
  const end = all.length > 1 ? commonEnd(all) : '';
  const stems = end === '' ? all : all.map((name) => name.slice(0, -end.length)).sort();
  return `^${expressionOf(stems, 0, stems.length, 0)}${quoteRe2(end)}$`;
}

/** What all names end in, such as a domain. Only from a dot on: a digit is cheaper in a class. */
function commonEnd(names: readonly string[]): string {
  let [end = ''] = names;
  for (const name of names) while (!name.endsWith(end)) end = end.slice(1);
  const dot = end.indexOf('.');
  return dot === -1 ? '' : end.slice(dot);
}

/**
 * Deals names out to as few expressions as fit into `room` bytes each, without holding up the event
 * loop: ten thousand names take a tenth of a second. Together they match exactly
 * the names; no two match the same one.
 */
export async function exactExpressions(names: Iterable<string>, room: number): Promise<string[]> {
  const turn = takeTurns();
  // Neighbours in order have the most in common.
  const sorted = [...new Set(names)].sort();
  const expressions: string[] = [];
  let taken = 1;
  for (let from = 0; from < sorted.length;) {
    taken = longestThatFits(sorted, from, room, taken);
    expressions.push(exactExpression(sorted.slice(from, from + taken)));
    from += taken;
    await turn();
  }
  return expressions;
}

/**
 * How many names from `from` on fit; at least one, so that an overlong name fails where it shows.
 * @param guess how many fitted before: about as many will again
 */
function longestThatFits(
  sorted: readonly string[],
  from: number,
  room: number,
  guess: number,
): number {
  const fits = (count: number) =>
    Buffer.byteLength(exactExpression(sorted.slice(from, from + count))) <= room;
  const rest = sorted.length - from;
  // More names can need fewer bytes, once a class is complete: stride while it fits, then bisect.
  let good = 1;
  let bad = Math.min(Math.max(2, guess), rest);
  for (let stride = Math.max(1, guess >> 3); bad > good && fits(bad); stride *= 2) {
    good = bad;
    bad = Math.min(bad + stride, rest);
  }
  for (let stride = Math.max(1, guess >> 3); good === 1 && bad - stride > 1; stride *= 2) {
    if (fits(bad - stride)) good = bad - stride;
    else bad -= stride;
  }
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/**
 * What matches the rest of some names that begin alike.
 * @param names in order, each once; those from `from` to before `to` are meant
 * @param known how many characters of theirs are matched already
 */
function expressionOf(names: readonly string[], from: number, to: number, known: number): string {
  // Most names of a large set soon stand alone: that is what makes ten thousand of them quick.
  if (to - from === 1) return quoteRe2((names[from] ?? '').slice(known));
  const ends = names[from]?.length === known;
  const leads = new Map<string, string[]>();
  for (let at = ends ? from + 1 : from; at < to;) {
    const char = String.fromCodePoint(names[at]?.codePointAt(known) ?? 0);
    const next = endOfRun(names, at, to, known, char);
    const rest = expressionOf(names, at, next, known + char.length);
    const chars = leads.get(rest);
    if (chars) chars.push(char);
    else leads.set(rest, [char]);
    at = next;
  }
  const ways = [...leads].map(([rest, chars]) => `${oneOf(chars)}${rest}`);
  const only = ways[0] ?? '';
  if (!ends) return ways.length === 1 ? only : `(?:${ways.join('|')})`;
  return ways.length === 1 && isOneAtom(leads) ? `${only}?` : `(?:${ways.join('|')})?`;
}

/** Where the names that go on with this character end. They stand together, since all are in order. */
function endOfRun(
  names: readonly string[],
  from: number,
  to: number,
  known: number,
  char: string,
): number {
  let good = from;
  let bad = to;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (names[middle]?.startsWith(char, known)) good = middle;
    else bad = middle;
  }
  return bad;
}

/** Whether the single way is one character or class, so that `?` can follow without a group. */
function isOneAtom(leads: ReadonlyMap<string, readonly string[]>): boolean {
  return leads.has('');
}

/** `a`, or `[abx]`, with runs of three or more written as ranges. */
function oneOf(chars: readonly string[]): string {
  if (chars.length === 1) return quoteRe2(chars[0] ?? '');
  const points = chars.map((char) => char.codePointAt(0) ?? 0).sort((a, b) => a - b);
  let text = '';
  for (let i = 0; i < points.length;) {
    let end = i;
    while (points[end + 1] === (points[end] ?? 0) + 1) end++;
    const first = inClass(points[i] ?? 0);
    const last = inClass(points[end] ?? 0);
    if (end - i >= 2) text += `${first}-${last}`;
    else text += first + (end > i ? last : '');
    i = end + 1;
  }
  return `[${text}]`;
}

function inClass(point: number): string {
  const char = String.fromCodePoint(point);
  if (/[\\\]^-]/.test(char)) return `\\${char}`;
  return point < 0x20 || point === 0x7f ? `\\x{${point.toString(16)}}` : char;
}
