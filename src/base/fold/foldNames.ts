import { compareDigits, type NamePattern, nextDigits, patternsOf } from './nameParts.ts';

/** Some names as one term of a node set: `web[01-06,08]`. */
export interface FoldedNames {
  readonly text: string;
  /** How many names it stands for. */
  readonly count: number;
}

/**
 * Folds names as ClusterShell's `nodeset -f` does: `web[01-06,08],db1`. What the terms stand for
 * together is exactly the names, each once. A name with characters that have a meaning in the notation
 * is a term of its own, in double quotes.
 */
export function foldNames(names: Iterable<string>): FoldedNames[] {
  const plain: string[] = [];
  const odd: string[] = [];
  for (const name of new Set(names)) (isPlain(name) ? plain : odd).push(name);
  return [
    ...patternsOf(plain).flatMap(foldPattern),
    ...odd.sort().map((name) => ({ text: quoteName(name), count: 1 })),
  ];
}

/** The terms in one text. */
export function foldedText(names: Iterable<string>): string {
  return foldNames(names)
    .map(({ text }) => text)
    .join(',');
}

/** The names as a node set without folding, which takes long for thousands of names. */
export function listedText(names: Iterable<string>): string {
  return Array.from(new Set(names), (name) => (isPlain(name) ? name : quoteName(name))).join(',');
}

/** No operator, separator, wildcard, bracket, or quote of a node set. */
function isPlain(name: string): boolean {
  return /^[^\s,;:!&^*?[\]"'`{}()|\\<>=/、，；]+$/u.test(name);
}

function quoteName(name: string): string {
  return `"${name.replace(/["\\]/g, String.raw`\$&`)}"`;
}

/** Numbers in several places of a name, as the values of each place; together they are all combinations. */
type Box = readonly (readonly string[])[];

function foldPattern({ texts, numbers }: NamePattern): FoldedNames[] {
  const [first = []] = numbers;
  let boxes: Box[] = numbers.map((digits) => digits.map((value) => [value]));
  // Names differ in the last number most often.
  for (let place = first.length - 1; place >= 0; place--) boxes = mergeAt(boxes, place);
  return boxes
    .map((box) => box.map((values) => values.toSorted(compareDigits)))
    .sort(compareBoxes)
    .map((box) => ({
      text: texts.map((text, i) => text + rangesLabel(box[i] ?? [])).join(''),
      count: box.reduce((product, values) => product * values.length, 1),
    }));
}

/** Merges boxes that differ in this place only. */
function mergeAt(boxes: readonly Box[], place: number): Box[] {
  const merged = new Map<string, { box: Box; values: Set<string> }>();
  for (const box of boxes) {
    const key = box.map((values, i) => (i === place ? '' : values.join(','))).join(' ');
    const same = merged.get(key);
    if (same) for (const value of box[place] ?? []) same.values.add(value);
    else merged.set(key, { box, values: new Set(box[place]) });
  }
  return [...merged.values()].map(({ box, values }) =>
    box.with(place, [...values].sort(compareDigits)),
  );
}

function compareBoxes(a: Box, b: Box): number {
  for (const [i, values] of a.entries()) {
    const order = compareDigits(values[0] ?? '', b[i]?.[0] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** `[01-06,08]`; a single number without brackets. */
function rangesLabel(sorted: readonly string[]): string {
  if (sorted.length <= 1) return sorted[0] ?? '';
  const ranges: string[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (isNext(sorted[from] ?? '', sorted[to] ?? '', sorted[to + 1])) to++;
    ranges.push(from === to ? (sorted[from] ?? '') : `${sorted[from] ?? ''}-${sorted[to] ?? ''}`);
    from = to + 1;
  }
  return `[${ranges.join(',')}]`;
}

/** A range with zeros has numbers of one length: ClusterShell refuses `[08-100]`. */
function isNext(first: string, last: string, next: string | undefined): boolean {
  if (next === undefined || next !== nextDigits(last)) return false;
  return next.length === first.length || !first.startsWith('0') || first.length === 1;
}
