import { setImmediate as nextTurn } from 'node:timers/promises';
import { displayName } from '../../base/displayName.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';

/** Nodes whose texts are made in one turn of the event loop. */
const SLICE = 2000;

/** A node in a review. */
export interface Reviewable {
  /** Identifies it in the review. */
  readonly label: string;
  readonly node: CatalogNode;
}

/**
 * The nodes of a review, which of them are selected, and which of them the filter shows. The nodes
 * change while the user reads, and the filter never changes what is selected.
 */
export class ReviewedNodes<T extends Reviewable> {
  #listed: readonly T[] = [];
  readonly #wanted: Set<string>;
  #filter = '';
  #shown: readonly T[] = [];
  /** What the filter searches of each node, because it is used on every key that the user types. */
  #texts: readonly string[] | undefined;

  /** @param wanted labels of the nodes that should be selected */
  constructor(wanted: Iterable<string>) {
    this.#wanted = new Set(wanted);
  }

  /** Labels of all selected nodes, including those that are currently not in the list. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  get listed(): readonly T[] {
    return this.#listed;
  }

  /** The nodes that the filter shows: the same array until the list or the filter changes. */
  get shown(): readonly T[] {
    return this.#shown;
  }

  /** The selected nodes of the list, in its order. */
  get selected(): T[] {
    return this.#listed.filter(({ label }) => this.#wanted.has(label));
  }

  /** Selected nodes that the filter hides. */
  get hidden(): T[] {
    if (this.#filter === '') return [];
    const shown = new Set(this.#shown);
    return this.selected.filter((node) => !shown.has(node));
  }

  /** Part of a name, an address, or a service; empty to show all nodes. */
  get filter(): string {
    return this.#filter;
  }

  set filter(text: string) {
    this.#filter = text.trim();
    this.#show();
  }

  /**
   * Lists these nodes. A selected node stays selected, even if it leaves the list and returns. A new
   * node is not selected, because the user has not agreed to run on it.
   */
  list(nodes: readonly T[]): void {
    this.#listed = nodes;
    this.#texts = undefined;
    this.#show();
  }

  /** Makes what the filter searches before the user types, in turns of the event loop. */
  async prepareFilter(): Promise<void> {
    const listed = this.#listed;
    const texts: string[] = [];
    while (!this.#texts && texts.length < listed.length) {
      for (const node of listed.slice(texts.length, texts.length + SLICE)) texts.push(textOf(node));
      await nextTurn();
      if (this.#listed !== listed) return;
    }
    this.#texts ??= texts;
  }

  isSelected({ label }: T): boolean {
    return this.#wanted.has(label);
  }

  select(nodes: readonly T[], isSelected: boolean): void {
    for (const { label } of nodes) {
      if (isSelected) this.#wanted.add(label);
      else this.#wanted.delete(label);
    }
  }

  /** Also clears selected nodes that are currently not in the list. */
  selectNone(): void {
    this.#wanted.clear();
  }

  /** @returns whether all, some, or none of these nodes are selected, and how many */
  selectedOf(nodes: readonly T[]): { state: 'all' | 'some' | 'none'; count: number } {
    let count = 0;
    for (const node of nodes) if (this.isSelected(node)) count++;
    const state = count === 0 ? 'none' : count === nodes.length ? 'all' : 'some';
    return { state, count };
  }

  #show(): void {
    const wanted = this.#filter.toLowerCase();
    if (wanted === '') {
      this.#shown = this.#listed;
      return;
    }
    const texts = (this.#texts ??= this.#listed.map(textOf));
    this.#shown = this.#listed.filter((_, index) => texts[index]?.includes(wanted));
  }
}

/** What the filter searches. */
function textOf({ label, node: { address, services } }: Reviewable): string {
  let text = `${label} | ${address}`;
  for (const { name } of services) text += ` | ${name}`;
  return displayName(text).toLowerCase();
}
