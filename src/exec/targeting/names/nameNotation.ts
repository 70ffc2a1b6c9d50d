import { type AddressRange, isAddress } from './addresses.ts';
import type { KnownNodes } from './knownNodes.ts';
import { type MarkedText, markLiteralNames } from './literalNames.ts';
import { findingNamesInJson, splittingList } from './nameList.ts';
import { expandingNodeSet, type NodeSet, NodeSetError, parsingNodeSet } from './nodeSet.ts';
import { type NameDoubt, type ResolvedNames, resolvingNames } from './resolveNames.ts';
import { doAtOnce, doInSlices, type Steps } from './steps.ts';

/** The notation that a text for nodes seems to be written in, other than RE2. */
export type Notation = 'list' | 'range' | 'wildcard';

/** What a text means when it is read as names instead of as a regular expression. */
export interface NamedNodes {
  readonly notation: Notation;
  /** Labels of known nodes. */
  readonly names: readonly string[];
  /** Given names that are not, as they are, the name of one known node. */
  readonly doubts: readonly NameDoubt[];
  /** Names that a list has more than once. */
  readonly repeated: readonly string[];
  /** Ranges of addresses. */
  readonly ranges: readonly AddressRange[];
  /** Patterns and exclusions that match no name. */
  readonly unmatched: readonly string[];
}

/** Whether the user has to decide something before these names can be used. */
export function needsDecision({ doubts, unmatched }: NamedNodes): boolean {
  return unmatched.length > 0 || doubts.some(({ taken }) => taken === undefined);
}

/**
 * Reads a text that people bring from elsewhere: a list of names (a ticket, monitoring, JSON), ranges
 * (ClusterShell, pdsh, Slurm, Ansible), wildcards (Salt, Ansible, a shell).
 * @param known the nodes that can be named
 * @returns undefined for a text that is plainly a regular expression or a single name
 */
export function readNames(text: string, known: KnownNodes): NamedNodes | undefined {
  return doAtOnce(readingNames(text, known));
}

/**
 * The same for a long text, without blocking: a hundred thousand lines take about a second.
 * @throws the signal's reason once it is aborted
 */
export function readManyNames(
  text: string,
  known: KnownNodes,
  signal: AbortSignal,
): Promise<NamedNodes | undefined> {
  return doInSlices(readingNames(text, known), signal);
}

export function* readingNames(text: string, known: KnownNodes): Steps<NamedNodes | undefined> {
  const visible = (yield* withoutInvisible(text)).trim();
  yield;
  const json = yield* findingNamesInJson(visible);
  if (json) return listed(yield* resolvingNames(json, known));
  const marked = yield* markLiteralNames(visible, known);
  yield;
  const source = yield* translate(marked.text);
  if (source === '' || isRegularExpression(source)) return undefined;
  yield;
  const isChanged = marked.hasMarks || visible !== text.trim();
  const list =
    (yield* splittingList(source)) ??
    ((isChanged || isAddress(source)) && !NODE_SET_SIGNS.test(source) ? [source] : undefined);
  if (list) return listed(yield* resolvingNames(yield* restoring(list, marked), known));
  try {
    const set = yield* readingNodeSet(source, marked.restore);
    if (!set.isCompound) return undefined;
    const { names, unmatched, ranges } = yield* expandingNodeSet(set, known);
    const notation = set.hasWildcards ? 'wildcard' : 'range';
    const resolved = yield* resolvingNames(names, known);
    return { ...resolved, notation, unmatched, ranges: [...ranges, ...resolved.ranges] };
  } catch (error) {
    if (error instanceof NodeSetError) return undefined;
    throw error;
  }
}

function* restoring(list: readonly string[], marked: MarkedText): Steps<readonly string[]> {
  if (!marked.hasMarks) return list;
  const names: string[] = [];
  for (const part of list) {
    yield;
    names.push(marked.restore(part));
  }
  return names;
}

/** The notations of other tools, as node sets. The tests are for long texts: replacements are slower. */
function* translate(text: string): Steps<string> {
  const source = /^-|^L@|\s-x/.test(text) ? withoutFlags(text) : text;
  yield;
  const plain = source.includes('{') ? withoutBraces(source) : source;
  yield;
  return /\.\.|[…–—]|\s(?:to|through|and)\s/i.test(plain) ? withoutWords(plain) : plain;
}

export function listed(resolved: ResolvedNames): NamedNodes {
  return { notation: 'list', unmatched: [], ...resolved };
}

/** What only ranges, wildcards, and exclusions have. */
const NODE_SET_SIGNS = /[[\]*?!^&]/;

/** `-w web[1-3] -x web2` of pdsh and clush, `-L a,b` and `L@a,b` of Salt. */
function withoutFlags(text: string): string {
  return text
    .replace(/^(?:-[wL]\s*|L@)/, '')
    .replace(/\s+-x\s*(\S+)/g, (_, excluded: string) =>
      excluded.replace(/(^|,)(?![^[]*\])/g, ',!'),
    );
}

/** `{01..03}` and `{a,b}` of a shell, as ranges. After a set, `{1,3}` is a repetition. */
function withoutBraces(text: string): string {
  return text
    .replace(/\{(\d+)\.\.(\d+)(?:\.\.(\d+))?\}/g, (_, from: string, to: string, step?: string) =>
      step === undefined ? `[${from}-${to}]` : `[${from}-${to}/${step}]`,
    )
    .replace(/\{([a-z])\.\.([a-z])\}/gi, '[$1:$2]')
    .replace(
      /(?<=[\w-])(?<!\\.)\{([\w-]+(?:,[\w-]+)+)\}|\{([\w-]+(?:,[\w-]+)+)\}(?=[\w.-])/g,
      '[$1$2]',
    );
}

/** `web-01 to web-03`, `web-01..web-03`, as ranges; `web* and not web-03` of Salt. */
function withoutWords(text: string): string {
  return text.replace(SPAN, asRange).replace(/\s+and\s+not\s+/g, ' !');
}

function asRange(span: string, ...groups: (string | undefined)[]): string {
  const [prefix = '', from = '', suffix = '', otherPrefix, to = '', otherSuffix = ''] = groups;
  const isSpan = prefix === otherPrefix && suffix === otherSuffix;
  return isSpan ? `${prefix}[${from}-${to}]${suffix}` : span;
}

/** The first and the last name of a span. */
const SPAN =
  /(?<![\w.-])([a-z][\w.-]*?)(\d+)([a-z.][\w.-]*?)?(?:\s*(?:\.\.\.?|…|–|—)\s*|\s+(?:to|through)\s+)([a-z][\w.-]*?)(\d+)([a-z.][\w.-]*?)?(?![\w.-])/gi;

/** What text copied from a page can have in it, unseen. */
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff\u00ad]/g;

function* withoutInvisible(text: string): Steps<string> {
  const slices: string[] = [];
  for (let from = 0; from < text.length; from += SLICE_CHARACTERS) {
    slices.push(text.slice(from, from + SLICE_CHARACTERS).replace(INVISIBLE, ''));
    yield;
  }
  return slices.join('');
}

const SLICE_CHARACTERS = 100_000;

/** What no name, range or wildcard has, but regular expressions do. Within a node set, `^` is an operator. */
const RE2_SIGNS = /^\^|[\\$|(){}+]|\.\*|\.\+|\]\s*\+/;

function isRegularExpression(text: string): boolean {
  // In a table copied as text, columns stand between bars; alternatives have no blanks around.
  const plain = text.replaceAll(' | ', ' ').replace(/^\((.* .*)\)$/, '$1');
  // A separator makes it a list, but not the one in a repetition: `{1,3}`.
  return RE2_SIGNS.test(plain) && !/[\n,;]/.test(plain.replace(/\{\d+,\d*\}/g, ''));
}

/**
 * Ansible separates terms with colons: `web*:!web3`. In a range, a colon is between two numbers.
 * @throws NodeSetError
 */
function readingNodeSet(text: string, restore: (part: string) => string): Steps<NodeSet> {
  const source = text.replace(/["'`]/g, '').replace(/:(?![^[]*\])/g, ',');
  return parsingNodeSet(source, restore);
}
