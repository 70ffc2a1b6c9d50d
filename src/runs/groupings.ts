import { Grouping } from './grouping.ts';
import { type Ignored, ignoredOf } from './ignored.ts';
import type { Ledger } from './ledger.ts';
import type { OutputStore } from './outputStore.ts';
import { takeTurns } from '../exec/turns.ts';

/** A grouping that ignores something. */
interface Other {
  readonly grouping: Grouping;
  /** Nodes whose earlier output is still to be taken in. */
  readonly behind: Set<string>;
  readonly ready: Promise<Grouping>;
}

/**
 * A run's nodes grouped by what they wrote, for every set of differences that somebody ignored. Each
 * is made once and then kept up to date with the run, so that it agrees with the ledger at all times.
 */
export class Groupings {
  /** By identical output, nothing ignored. */
  readonly exact: Grouping;
  readonly #ledger: Ledger;
  readonly #output: OutputStore;
  readonly #nameOf: (node: string) => string;
  readonly #others = new Map<string, Other>();

  /** @param nameOf what a node is called on itself */
  constructor(ledger: Ledger, output: OutputStore, nameOf: (node: string) => string) {
    this.#ledger = ledger;
    this.#output = output;
    this.#nameOf = nameOf;
    this.exact = new Grouping({}, nameOf);
  }

  /** Resolves once all that was written before is taken in. @throws the file system's error */
  async ignoring(ignored: Ignored): Promise<Grouping> {
    const key = ignoredOf(ignored).join();
    if (key === '') return this.exact;
    let other = this.#others.get(key);
    if (!other) this.#others.set(key, (other = this.#make(ignored)));
    try {
      return await other.ready;
    } catch (error) {
      // What could not be read once may be readable the next time.
      if (this.#others.get(key) === other) this.#others.delete(key);
      throw error;
    }
  }

  /** To be told of all output, after the store. */
  append(node: string, bytes: Uint8Array): void {
    this.exact.append(node, bytes);
    for (const { grouping, behind } of this.#others.values()) {
      if (!behind.has(node)) grouping.append(node, bytes);
    }
  }

  /** The node exited: no more output comes. */
  end(node: string): void {
    this.exact.end(node);
    for (const { grouping, behind } of this.#others.values()) {
      if (!behind.has(node)) grouping.end(node);
    }
  }

  #make(ignored: Ignored): Other {
    const grouping = new Grouping(ignored, this.#nameOf);
    const behind = new Set(Array.from(this.#ledger.nodes, ({ node }) => node));
    return { grouping, behind, ready: this.#catchUp(grouping, behind) };
  }

  async #catchUp(grouping: Grouping, behind: Set<string>): Promise<Grouping> {
    const turn = takeTurns();
    for (const node of behind) {
      let taken = 0;
      // More may come in while this is read.
      for (let from = -1; from < taken && taken < this.#output.size(node);) {
        from = taken;
        for await (const bytes of this.#output.stream(node, from)) {
          grouping.append(node, bytes);
          taken += bytes.length;
          await turn();
        }
      }
      if (this.#ledger.get(node)?.state === 'exited') grouping.end(node);
      behind.delete(node);
    }
    return grouping;
  }
}
