import { quoteRe2 } from './re2.ts';
import { bisect } from '../../base/bisect.ts';
import { createYielder } from '../../base/yielder.ts';

/**
 * An RE2 expression that matches exactly these names. Common prefixes and the common suffix are
 * written once, and branches with the same continuation share one character class, so `web-01 …
 * web-12` becomes `^web-(?:0[1-9]|1[0-2])$`.
 * @param names at least one
 */
export function exactExpression(names: Iterable<string>): string {
  const all = [...new Set(names)].sort();
  const suffix = all.length > 1 ? commonSuffix(all) : '';
  const stems = suffix === '' ? all : all.map((name) => name.slice(0, -suffix.length)).sort();
  return `^${remainderExpression(stems, 0, stems.length, 0)}${quoteRe2(suffix)}$`;
}

/** The suffix of all names, like a domain. It starts at a dot: digits are shorter in a class. */
function commonSuffix(names: readonly string[]): string {
  let [suffix = ''] = names;
  for (const name of names) while (!name.endsWith(suffix)) suffix = suffix.slice(1);
  const dot = suffix.indexOf('.');
  return dot === -1 ? '' : suffix.slice(dot);
}

/**
 * Distributes names over as few expressions as possible, each of at most `maxBytes`. Together they
 * match exactly the names, and no name is matched twice. Yields to the event loop: ten thousand
 * names take a tenth of a second.
 */
export async function exactExpressions(
  names: Iterable<string>,
  maxBytes: number,
): Promise<string[]> {
  const maybeYield = createYielder();
  // Names that are adjacent in sorted order have the most in common.
  const sorted = [...new Set(names)].sort();
  const expressions: string[] = [];
  let count = 1;
  for (let from = 0; from < sorted.length;) {
    count = maxNamesWithin(sorted, from, maxBytes, count);
    expressions.push(exactExpression(sorted.slice(from, from + count)));
    from += count;
    await maybeYield();
  }
  return expressions;
}

/**
 * How many names, starting at `from`, an expression of `maxBytes` can hold. At least one, so that a
 * name that is too long fails later, where the user sees it.
 * @param guess the previous count, since the next one is likely to be similar
 */
function maxNamesWithin(
  sorted: readonly string[],
  from: number,
  maxBytes: number,
  guess: number,
): number {
  const isWithin = (count: number) =>
    Buffer.byteLength(exactExpression(sorted.slice(from, from + count))) <= maxBytes;
  const rest = sorted.length - from;
  // More names can need fewer bytes, once a class is complete. So advance in strides, then bisect.
  let good = 1;
  let bad = Math.min(Math.max(2, guess), rest);
  for (let stride = Math.max(1, guess >> 3); bad > good && isWithin(bad); stride *= 2) {
    good = bad;
    bad = Math.min(bad + stride, rest);
  }
  for (let stride = Math.max(1, guess >> 3); good === 1 && bad - stride > 1; stride *= 2) {
    if (isWithin(bad - stride)) good = bad - stride;
    else bad -= stride;
  }
  return bad > good ? bisect(good + 1, bad, (count) => !isWithin(count)) - 1 : good;
}

/**
 * An expression for the remainders of names that share a prefix.
 * @param names sorted and unique; only those from `from` to before `to` are used
 * @param prefixLength length of the shared prefix, which is already matched
 */
function remainderExpression(
  names: readonly string[],
  from: number,
  to: number,
  prefixLength: number,
): string {
  // In a large set, most names soon have a unique prefix. This makes ten thousand names fast.
  if (to - from === 1) return quoteRe2((names[from] ?? '').slice(prefixLength));
  const hasEmptyRemainder = names[from]?.length === prefixLength;
  const charsByRest = new Map<string, string[]>();
  for (let at = hasEmptyRemainder ? from + 1 : from; at < to;) {
    const char = String.fromCodePoint(names[at]?.codePointAt(prefixLength) ?? 0);
    const next = endOfRun(names, at, to, prefixLength, char);
    const rest = remainderExpression(names, at, next, prefixLength + char.length);
    const chars = charsByRest.get(rest);
    if (chars) chars.push(char);
    else charsByRest.set(rest, [char]);
    at = next;
  }
  const branches = [...charsByRest].map(([rest, chars]) => `${characterExpression(chars)}${rest}`);
  const only = branches[0] ?? '';
  if (!hasEmptyRemainder) return branches.length === 1 ? only : `(?:${branches.join('|')})`;
  // A single character or class can take `?` without a group.
  const isSingleAtom = branches.length === 1 && charsByRest.has('');
  return isSingleAtom ? `${only}?` : `(?:${branches.join('|')})?`;
}

/** The end of the run of names that continue with this character. They are adjacent when sorted. */
function endOfRun(
  names: readonly string[],
  from: number,
  to: number,
  prefixLength: number,
  char: string,
): number {
  return bisect(from + 1, to, (at) => !names[at]?.startsWith(char, prefixLength));
}

/** `a`, or `[abx]`. Runs of three or more characters are written as ranges. */
function characterExpression(chars: readonly string[]): string {
  if (chars.length === 1) return quoteRe2(chars[0] ?? '');
  const points = chars.map((char) => char.codePointAt(0) ?? 0).sort((a, b) => a - b);
  let text = '';
  for (let i = 0; i < points.length;) {
    let end = i;
    while (points[end + 1] === (points[end] ?? 0) + 1) end++;
    const first = quoteInClass(points[i] ?? 0);
    const last = quoteInClass(points[end] ?? 0);
    if (end - i >= 2) text += `${first}-${last}`;
    else text += first + (end > i ? last : '');
    i = end + 1;
  }
  return `[${text}]`;
}

function quoteInClass(point: number): string {
  const char = String.fromCodePoint(point);
  if (/[\\\]^-]/.test(char)) return `\\${char}`;
  return point < 0x20 || point === 0x7f ? `\\x{${point.toString(16)}}` : char;
}
