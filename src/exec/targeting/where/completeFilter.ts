import type { CatalogNode, Metadata } from '../../../consul/catalog/catalogNode.ts';
import { type FilterPosition, filterPosition } from './filterPosition.ts';

/** Something that can come next in a filter expression. */
export interface FilterCompletion {
  readonly label: string;
  /** The expression with it. */
  readonly text: string;
  /** How many values the nodes have for this selector, or how many nodes have this value, if known. */
  readonly count?: number | undefined;
}

interface Candidate {
  readonly word: string;
  readonly count?: number;
}

/** Selectors of the servers' node list, and the values that nodes have for them. */
export class FilterVocabulary {
  readonly #values = new Map<string, Map<string, number>>();

  constructor(nodes: readonly CatalogNode[]) {
    for (const selector of SELECTORS) this.#values.set(selector, new Map());
    for (const status of ['passing', 'warning', 'critical']) {
      this.#values.get('Checks.Status')?.set(status, 0);
    }
    for (const node of nodes) this.#addNode(node);
  }

  get selectors(): readonly Candidate[] {
    return [...this.#values].map(([word, { size }]) => ({ word, count: size }));
  }

  valuesOf(selector: string): readonly Candidate[] {
    return [...(this.#values.get(selector) ?? [])].map(([value, count]) => ({
      word: quote(value),
      count,
    }));
  }

  #addNode({ name, address, services, meta }: CatalogNode): void {
    // Each value once for a node, however many of its services have it.
    const found = new Map<string, Set<string>>();
    const add = (selector: string, value: string) => {
      found.set(selector, (found.get(selector) ?? new Set()).add(value));
    };
    const addAll = (selector: string, data: Metadata = {}) => {
      for (const [key, value] of Object.entries(data)) add(withKey(selector, key), value);
    };
    add('Node', name);
    add('Address', address);
    addAll('Meta', meta);
    for (const service of services) {
      add('Services.Service', service.name);
      add('Services.ID', service.id);
      for (const tag of service.tags) add('Services.Tags', tag);
      addAll('Services.Meta', service.meta);
    }
    for (const [selector, values] of found) {
      const counts = this.#values.get(selector) ?? new Map<string, number>();
      this.#values.set(selector, counts);
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
}

const SELECTORS = [
  'Node',
  'Address',
  'Services.Service',
  'Services.ID',
  'Services.Tags',
  'Checks.Status',
  'Checks.Name',
  'Checks.CheckID',
];

const MAX_COMPLETIONS = 50;

/** What can come next at the end of an expression: those that begin with what is typed come first. */
export function completeFilter(text: string, vocabulary: FilterVocabulary): FilterCompletion[] {
  const position = filterPosition(text);
  const typed = position.partial.toLowerCase();
  const bare = typed.replace(/^["`]/, '');
  const ranked = candidatesAt(position, vocabulary)
    .filter(({ word }) => word.toLowerCase().includes(bare) && word.toLowerCase() !== typed)
    .map((candidate) => ({ ...candidate, starts: startsWith(candidate.word, bare) }));
  return ranked
    .sort((a, b) => Number(b.starts) - Number(a.starts))
    .slice(0, MAX_COMPLETIONS)
    .map(({ word, count }) => ({ label: word, text: joined(position.before, word), count }));
}

function startsWith(word: string, typed: string): boolean {
  return word.toLowerCase().replace(/^"/, '').startsWith(typed);
}

function candidatesAt(
  { expected, selector }: FilterPosition,
  vocabulary: FilterVocabulary,
): readonly Candidate[] {
  switch (expected) {
    case 'selector':
      return vocabulary.selectors;
    case 'operator':
      return words(selector === 'Services.Tags' ? SET_OPERATORS : TEXT_OPERATORS);
    case 'emptiness':
      return words(['empty', 'not empty']);
    case 'value':
      return vocabulary.valuesOf(selector);
    case 'connective':
      return words(['and', 'or']);
  }
}

const TEXT_OPERATORS = ['==', '!=', 'matches', 'not matches'];
const SET_OPERATORS = ['contains', 'not contains', 'is empty', 'is not empty'];

function words(list: readonly string[]): Candidate[] {
  return list.map((word) => ({ word }));
}

function joined(before: string, word: string): string {
  const isApart = before === '' || /[\s(]$/.test(before);
  return `${before}${isApart ? '' : ' '}${word} `;
}

/** `Meta.rack`, or `Meta["os-name"]` where the grammar has no such word. */
function withKey(selector: string, key: string): string {
  return /^[A-Za-z]\w*$/.test(key) ? `${selector}.${key}` : `${selector}[${quote(key)}]`;
}

/** A raw string if the value has quotes: the grammar has no escapes that every version reads. */
function quote(value: string): string {
  return /["\\]/.test(value) && !value.includes('`') ? `\`${value}\`` : `"${value}"`;
}
