import { quoteRe2 } from './re2.ts';

/** Names that begin with the same text, by the character that follows it. */
interface Branch {
  /** A name ends here. */
  ends: boolean;
  readonly next: Map<string, Branch>;
}

/**
 * The RE2 expression that matches exactly these names and nothing else. Common beginnings and the
 * common end are written once, and branches that go on alike share one character class, so that
 * `web-01 … web-12` becomes `^web-(?:0[1-9]|1[0-2])$`.
 * @param names at least one
 */
export function exactExpression(names: Iterable<string>): string {
  const all = [...names];
  const end = all.length > 1 ? commonEnd(all) : '';
  const root = branch();
  for (const name of all) {
    let at = root;
    for (const char of end === '' ? name : name.slice(0, -end.length)) {
      let next = at.next.get(char);
      if (!next) at.next.set(char, (next = branch()));
      at = next;
    }
    at.ends = true;
  }
  return `^${expressionOf(root)}${quoteRe2(end)}$`;
}

/** What all names end in, such as a domain. Only from a dot on: a digit is cheaper in a class. */
function commonEnd(names: readonly string[]): string {
  let [end = ''] = names;
  for (const name of names) while (!name.endsWith(end)) end = end.slice(1);
  const dot = end.indexOf('.');
  return dot === -1 ? '' : end.slice(dot);
}

/**
 * Deals names out to as few expressions as fit into `room` bytes each. Together they match exactly
 * the names; no two match the same one.
 */
export function exactExpressions(names: Iterable<string>, room: number): string[] {
  // Neighbours in order have the most in common.
  const sorted = [...new Set(names)].sort();
  const expressions: string[] = [];
  let taken = 1;
  for (let from = 0; from < sorted.length;) {
    taken = longestThatFits(sorted, from, room, taken);
    expressions.push(exactExpression(sorted.slice(from, from + taken)));
    from += taken;
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

function branch(): Branch {
  return { ends: false, next: new Map() };
}

function expressionOf({ ends, next }: Branch): string {
  const leads = new Map<string, string[]>();
  for (const [char, after] of next) {
    const rest = expressionOf(after);
    const chars = leads.get(rest);
    if (chars) chars.push(char);
    else leads.set(rest, [char]);
  }
  const ways = [...leads].map(([rest, chars]) => `${oneOf(chars)}${rest}`);
  if (ways.length === 0) return '';
  const only = ways[0] ?? '';
  if (!ends) return ways.length === 1 ? only : `(?:${ways.join('|')})`;
  return ways.length === 1 && isOneAtom(leads) ? `${only}?` : `(?:${ways.join('|')})?`;
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
