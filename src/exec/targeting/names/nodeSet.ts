import { t } from '@vscode/l10n';
import { escapeRegExp } from '../../../base/escapeRegExp.ts';
import type { AddressRange } from './addresses.ts';
import type { KnownNodes } from './knownNodes.ts';
import { quotedAt } from './literalNames.ts';
import { doAtOnce, type Steps } from './steps.ts';

/** A text that is not a valid node set. */
export class NodeSetError extends Error {
  override readonly name = 'NodeSetError';
  /** Where in the text, from 0. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

type Operator = ',' | '!' | '&' | '^';

/** One term of a node set: a name with ranges and wildcards in it. */
interface Term {
  readonly operator: Operator;
  readonly parts: readonly Part[];
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'range'; readonly values: readonly string[] }
  /** `*` or `?` */
  | { readonly kind: 'wildcard'; readonly many: boolean };

/** More names than any fleet has: a range such as `[1-999999999]` is a slip. */
const MAX_NAMES = 100_000;

/**
 * The node set notation of ClusterShell, pdsh and Slurm: `web[01-20],db[1,3-5],!web07`. Terms are
 * separated by commas or white space; `!` before a term removes it, `&` keeps what is in both, `^`
 * what is in one of both, from left to right. Padding counts: `[01-03]` is 01, 02, 03. Whatever
 * ClusterShell accepts means the same here. More is accepted: Ansible's `[01:03]`, names in double quotes,
 * an operator at the start, which applies to all known nodes, and after a separator. `*` and `?` match
 * names of the catalog.
 */
export interface NodeSet {
  readonly terms: readonly Term[];
  /** Whether a term has wildcards, so that it names nodes only together with a catalog. */
  readonly hasWildcards: boolean;
  /** Whether it says more than a single plain name does. */
  readonly isCompound: boolean;
}

/** @throws NodeSetError */
export function parseNodeSet(text: string): NodeSet {
  return doAtOnce(parsingNodeSet(text));
}

/**
 * @param restore applied to the plain text of a term
 * @throws NodeSetError
 */
export function* parsingNodeSet(
  text: string,
  restore: (part: string) => string = (part) => part,
): Steps<NodeSet> {
  const terms = yield* new NodeSetParser(text, restore).parse();
  const has = (test: (part: Part) => boolean) => terms.some(({ parts }) => parts.some(test));
  return {
    terms,
    hasWildcards: has(({ kind }) => kind === 'wildcard'),
    isCompound:
      terms.length > 1 ||
      has(({ kind }) => kind !== 'text') ||
      terms.some(({ operator }) => operator !== ','),
  };
}

/** What a node set names. */
export interface NodeSetNames {
  /** Labels of known nodes, and names that are not one known node, in the order they are named. */
  readonly names: readonly string[];
  /** Terms that name no known node, where only known nodes count: wildcards and exclusions. */
  readonly unmatched: readonly string[];
  /** Ranges of addresses that have nodes. */
  readonly ranges: readonly AddressRange[];
}

/**
 * The names that a node set stands for.
 * @param known the nodes that wildcards are matched against
 * @throws NodeSetError for more names than any fleet has
 */
export function expandNodeSet(set: NodeSet, known: KnownNodes): NodeSetNames {
  return doAtOnce(expandingNodeSet(set, known));
}

/** @throws NodeSetError for more names than any fleet has */
export function* expandingNodeSet({ terms }: NodeSet, known: KnownNodes): Steps<NodeSetNames> {
  // `!web07` alone is all but web07.
  const names = new Set<string>(terms[0]?.operator === ',' ? [] : known.labels);
  const unmatched: string[] = [];
  const ranges: AddressRange[] = [];
  for (const { operator, parts } of terms) {
    const isPattern = parts.some(({ kind }) => kind === 'wildcard');
    const given = isPattern ? [] : product(parts);
    const addressed = yield* addressedBy(given, known, ranges);
    const found = new Set(
      isPattern ? matching(parts, known) : (addressed ?? labelsOf(given, operator, known)),
    );
    if (isPattern && found.size === 0) unmatched.push(textOf(parts));
    // An exclusion that excludes nothing can be a slip.
    if (!isPattern && operator === '!' && !found.values().some((name) => names.has(name))) {
      unmatched.push(`!${textOf(parts)}`);
    }
    combine(names, operator, found);
    if (names.size > MAX_NAMES) throw tooMany(0);
    yield;
  }
  return { names: [...names], unmatched, ranges };
}

/** Labels of the nodes that a term names by an address; undefined for a term of names, or without nodes. */
function* addressedBy(
  names: readonly string[],
  known: KnownNodes,
  ranges: AddressRange[],
): Steps<readonly string[] | undefined> {
  const [name = '', ...others] = names;
  if (others.length > 0 || known.named(name).length > 0) return undefined;
  const labels = (yield* known.findingAddress(name)) ?? [];
  if (labels.length > 0 && name.includes('/')) ranges.push({ given: name, count: labels.length });
  return labels.length > 0 ? labels : undefined;
}

/** A name that several nodes have excludes all of them, but does not add any: the user decides. */
function labelsOf(names: readonly string[], operator: Operator, known: KnownNodes): string[] {
  return names.flatMap((name) => {
    const labels = known.named(name);
    if (labels.length === 1) return labels;
    return operator === ',' ? [name] : [name, ...labels];
  });
}

/** Changes `names`: a copy for each of thousands of terms would be slow. */
function combine(names: Set<string>, operator: Operator, operand: ReadonlySet<string>): void {
  switch (operator) {
    case ',':
      for (const name of operand) names.add(name);
      break;
    case '!':
      for (const name of operand) names.delete(name);
      break;
    case '&':
      for (const name of names) if (!operand.has(name)) names.delete(name);
      break;
    case '^':
      for (const name of operand) if (!names.delete(name)) names.add(name);
      break;
  }
}

function product(parts: readonly Part[]): string[] {
  let names = [''];
  for (const part of parts) {
    const values = part.kind === 'range' ? part.values : [part.kind === 'text' ? part.text : ''];
    if (names.length * values.length > MAX_NAMES) throw tooMany(0);
    names = names.flatMap((name) => values.map((value) => name + value));
  }
  return names;
}

function matching(parts: readonly Part[], known: KnownNodes): string[] {
  const expression = parts.map((part) => {
    if (part.kind === 'wildcard') return part.many ? '.*' : '.';
    if (part.kind === 'text') return escapeRegExp(part.text);
    return `(?:${part.values.map((value) => escapeRegExp(value)).join('|')})`;
  });
  const whole = new RegExp(`^${expression.join('')}$`, 'su');
  return known.matching(whole);
}

function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'wildcard') return part.many ? '*' : '?';
      return part.kind === 'text' ? part.text : `[${part.values.join(',')}]`;
    })
    .join('');
}

const SEPARATORS = /[\s,;]/;

/** Reads a node set character by character, so that errors can say where. */
class NodeSetParser {
  readonly #text: string;
  readonly #restore: (part: string) => string;
  #at = 0;

  constructor(text: string, restore: (part: string) => string) {
    this.#text = text;
    this.#restore = restore;
  }

  *parse(): Steps<Term[]> {
    const terms: Term[] = [];
    for (;;) {
      yield;
      const operator = this.#operator();
      if (this.#at >= this.#text.length) {
        if (operator !== ',') throw this.#error(t('A name is missing at the end.'));
        return terms;
      }
      terms.push({ operator, parts: this.#parts() });
    }
  }

  /** Skips separators; the last operator among them counts, as in ClusterShell. */
  #operator(): Operator {
    let operator: Operator = ',';
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === '!' || char === '&' || char === '^') operator = char;
      else if (!SEPARATORS.test(char)) break;
    }
    return operator;
  }

  #parts(): Part[] {
    const parts: Part[] = [];
    let text = '';
    const endText = () => {
      if (text !== '') parts.push({ kind: 'text', text: this.#restore(text) });
      text = '';
    };
    const quoted = quotedAt(this.#text, this.#at);
    if (quoted) {
      this.#at = quoted.end;
      return [{ kind: 'text', text: quoted.name }];
    }
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (SEPARATORS.test(char) || char === '!' || char === '&' || char === '^') break;
      if (char === ']') throw this.#error(t('There is no [ for this ].'));
      if (char === '[') {
        endText();
        parts.push({ kind: 'range', values: this.#range() });
        continue;
      }
      if (char === '*' || char === '?') {
        endText();
        parts.push({ kind: 'wildcard', many: char === '*' });
      } else {
        text += char;
      }
      this.#at++;
    }
    endText();
    return parts;
  }

  /** `[01-03,7,a]`: numbers, ranges of them with an optional step (`[0-10/2]`), or single words. */
  #range(): string[] {
    const close = this.#text.indexOf(']', this.#at);
    if (close === -1) throw this.#error(t('A ] is missing.'));
    const inside = this.#text.slice(this.#at + 1, close);
    let values: string[] = [];
    for (const item of inside.split(',')) {
      const [, from, to, step] =
        /^\s*(\d+)\s*[-:]\s*(\d+)\s*(?:[/:]\s*(\d+))?\s*$/.exec(item) ?? [];
      if (from !== undefined && to !== undefined) {
        values = values.concat(this.#numbers(from, to, BigInt(step ?? 1)));
        if (values.length > MAX_NAMES) throw tooMany(this.#at);
      } else if (/^[a-z]:[a-z]$/i.test(item)) {
        values.push(...this.#letters(item.charCodeAt(0), item.charCodeAt(2)));
      } else if (/^\s*\w+\s*$/.test(item)) {
        values.push(item.trim());
      } else {
        throw this.#error(t('"{0}" is not a range. Example: [01-20,25].', item));
      }
    }
    this.#at = close + 1;
    return values;
  }

  #numbers(from: string, to: string, step: bigint): string[] {
    const first = BigInt(from);
    const last = BigInt(to);
    if (last < first) throw this.#error(t('The range {0}-{1} runs backwards.', from, to));
    if (step < 1n) throw this.#error(t('The step of a range must be at least 1.'));
    if ((last - first) / step >= MAX_NAMES) throw tooMany(this.#at);
    const width = from.startsWith('0') ? from.length : 0;
    return Array.from({ length: Number((last - first) / step) + 1 }, (_, i) =>
      String(first + BigInt(i) * step).padStart(width, '0'),
    );
  }

  /** `[a:c]` of Ansible. */
  #letters(from: number, to: number): string[] {
    if (to < from) return [];
    return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
  }

  #error(message: string): NodeSetError {
    return new NodeSetError(this.#at, message);
  }
}

function tooMany(position: number): NodeSetError {
  return new NodeSetError(
    position,
    t('This names more than {0} nodes. Check the numbers.', MAX_NAMES),
  );
}
