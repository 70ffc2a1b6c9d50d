import { isAddress } from './addresses.ts';
import type { KnownNodes } from './knownNodes.ts';
import type { Steps } from './steps.ts';

/** A text in which a mark stands for each known name that the notation would take apart. */
export interface MarkedText {
  readonly text: string;
  readonly hasMarks: boolean;
  /** Replaces the marks in a part of the text by the names. */
  readonly restore: (part: string) => string;
}

/**
 * Marks addresses, and known names that have spaces, commas, brackets, or operators in them: `node with
 * space`, `a[1]`. The catalog decides that they are names; between separators or in quotes, as `foldNames` writes them.
 */
export function* markLiteralNames(text: string, known: KnownNodes): Steps<MarkedText> {
  const odd = yield* findingOddNames(known);
  // A text with such characters can't have marks. No name needs them.
  if (MARK_CHARACTERS.test(text)) return unmarked(text);
  if (odd.names.size === 0 && !HAS_ADDRESS.test(text)) return unmarked(text);
  const found: string[] = [];
  const parts: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(STARTS)) {
    yield;
    if (index < from) continue;
    const literal = literalAt(text, index, odd);
    if (!literal) continue;
    parts.push(text.slice(from, index), markOf(found.length));
    found.push(literal.name);
    from = literal.end;
  }
  if (found.length === 0) return unmarked(text);
  const restore = (part: string) =>
    part.replace(MARK, (_, digits: string) => found[indexOf(digits)] ?? '');
  return { text: [...parts, text.slice(from)].join(''), hasMarks: true, restore };
}

function unmarked(text: string): MarkedText {
  return { text, hasMarks: false, restore: (part) => part };
}

/** Where a name can start: after a separator, a quote, or an operator. */
const STARTS = /(?<=^|[\s,;|、，；"'`(!&^{<])[^\s,;]/gu;
const ENDS = /^(?:$|[\s,;|、，；"'`)!&^}>:])/u;

interface OddNames {
  readonly names: ReadonlySet<string>;
  /** Lengths by the first character, the longest first. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
}

interface Literal {
  readonly name: string;
  readonly end: number;
}

function literalAt(text: string, at: number, odd: OddNames): Literal | undefined {
  const quoted = text[at] === '"' ? quotedAt(text, at) : undefined;
  if (quoted && odd.names.has(quoted.name)) return quoted;
  for (const length of odd.lengths.get(text.charAt(at)) ?? []) {
    const name = text.slice(at, at + length);
    const end = at + length;
    if (!odd.names.has(name) || !ENDS.test(text.slice(end, end + 1))) continue;
    if (!isCutRange(name, text, end)) return { name, end };
  }
  return addressAt(text, at);
}

/** A name such as `[1` is the beginning of a range in `[1,3]`, which `foldNames` would write in quotes. */
function isCutRange(name: string, text: string, end: number): boolean {
  if (!/\[[\d,/-]*$/.test(name)) return false;
  REST_OF_RANGE.lastIndex = end;
  return REST_OF_RANGE.test(text);
}

const REST_OF_RANGE = /[\d,/-]*\]/y;

/** What every range of addresses has, and every address of IPv6. */
const HAS_ADDRESS = /\d\/\d|:[\da-f]*:/i;

/** `10.0.1.0/24`, and `fd00::1`: their slashes and colons would separate names. */
function addressAt(text: string, at: number): Literal | undefined {
  ADDRESS.lastIndex = at;
  const [name = ''] = ADDRESS.exec(text) ?? [];
  const end = at + name.length;
  const isPlain = !/[/:]/.test(name);
  return !isPlain && isAddress(name) && ENDS.test(text.slice(end, end + 1))
    ? { name, end }
    : undefined;
}

const ADDRESS =
  /(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]*(?::\d{1,3}(?:\.\d{1,3}){3})?)(?:\/\d{1,3})?/iy;

/** A name in double quotes, with `\` before quotes and backslashes in it. */
export function quotedAt(text: string, at: number): Literal | undefined {
  QUOTED.lastIndex = at;
  const [all = '', inside] = QUOTED.exec(text) ?? [];
  if (inside === undefined) return undefined;
  return { name: inside.replace(/\\(.)/gs, '$1'), end: at + all.length };
}

const QUOTED = /"((?:[^"\\]|\\.)+)"/sy;

const oddNames = new WeakMap<KnownNodes, OddNames>();

function* findingOddNames(known: KnownNodes): Steps<OddNames> {
  const cached = oddNames.get(known);
  if (cached) return cached;
  const names = new Set<string>();
  for (const name of yield* known.indexing()) {
    yield;
    if (isOdd(name)) names.add(name);
  }
  const lengths = new Map<string, Set<number>>();
  for (const name of names) {
    const first = name.charAt(0);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(name.length));
  }
  const sorted = new Map(
    [...lengths].map(([first, set]) => [first, [...set].sort((a, b) => b - a)]),
  );
  const odd = { names, lengths: sorted };
  oddNames.set(known, odd);
  return odd;
}

/** Whether a list or node set would not read the name as it is. */
function isOdd(name: string): boolean {
  return !/^[\p{L}\p{N}_@][\p{L}\p{M}\p{N}_.@-]*$/u.test(name) || /\.$|\.\./.test(name);
}

/** Private-use characters around an index, which is in private-use digits. */
const MARK_CHARACTERS = /[\ue000-\ue019]/;
const MARK = /\ue000([\ue010-\ue019]+)\ue001/g;
const ZERO = 0xe010;

function markOf(index: number): string {
  const digits = Array.from(String(index), (digit) => String.fromCharCode(ZERO + Number(digit)));
  return `\ue000${digits.join('')}\ue001`;
}

function indexOf(digits: string): number {
  return Number(Array.from(digits, (digit) => digit.charCodeAt(0) - ZERO).join(''));
}
