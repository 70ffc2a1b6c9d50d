import { type GroupedJob, OutputGrouping } from './outputGrouping.ts';
import { type IgnoredDifferences, listIgnored } from './ignoredDifferences.ts';
import type { Ledger } from '../model/ledger.ts';
import { isOver } from '../model/nodeStatus.ts';
import type { OutputStore } from '../output/outputStore.ts';
import { createYielder } from '../../base/yielder.ts';

/** A grouping, and how far it is. */
interface FollowedGrouping {
  readonly grouping: OutputGrouping;
  /** Nodes whose earlier output has not been read yet. */
  readonly behind: Set<string>;
  ready: Promise<OutputGrouping>;
}

/**
 * The output groupings of one run: one for every set of ignored differences that was requested. Each
 * is created once and then updated with the run, so that it agrees with the ledger at all times.
 */
export class RunGroupings {
  /** By identical output, nothing ignored. */
  readonly exact: OutputGrouping;
  readonly #exact: FollowedGrouping;
  readonly #ledger: Ledger;
  readonly #output: OutputStore;
  readonly #job: GroupedJob;
  readonly #others = new Map<string, FollowedGrouping>();

  constructor(ledger: Ledger, output: OutputStore, job: GroupedJob) {
    this.#ledger = ledger;
    this.#output = output;
    this.#job = job;
    this.exact = new OutputGrouping({}, job);
    const ready = Promise.resolve(this.exact);
    this.#exact = { grouping: this.exact, behind: new Set(), ready };
  }

  /** Returns a node's name on the node itself. */
  get nameOf(): (node: string) => string {
    return this.#job.nameOf ?? ((node) => node);
  }

  /** Resolves once all earlier output has been read. @throws the file system's error */
  async ignoring(ignored: IgnoredDifferences): Promise<OutputGrouping> {
    const key = listIgnored(ignored).join();
    if (key === '') return this.exact;
    let other = this.#others.get(key);
    if (!other) this.#others.set(key, (other = this.#make(ignored)));
    try {
      return await other.ready;
    } catch (error) {
      // The next attempt to read can succeed.
      if (this.#others.get(key) === other) this.#others.delete(key);
      throw error;
    }
  }

  /** Must receive every chunk, after it is added to the OutputStore. */
  append(node: string, bytes: Uint8Array): void {
    for (const { grouping, behind } of this.#all()) {
      if (!behind.has(node)) grouping.append(node, bytes);
    }
  }

  /** The node exited: no more output comes. */
  end(node: string): void {
    for (const { grouping, behind } of this.#all()) {
      if (!behind.has(node)) grouping.end(node);
    }
  }

  /** Nodes that had exited can write more: their output is read again from its beginning. */
  restart(nodes: readonly string[]): void {
    for (const followed of this.#all()) {
      const { grouping, behind, ready } = followed;
      for (const node of nodes) {
        grouping.forget(node);
        behind.add(node);
      }
      followed.ready = ready.then(() => this.#catchUp(grouping, behind));
      // Whoever asks for the grouping gets the error.
      followed.ready.catch(() => undefined);
    }
  }

  *#all(): Generator<FollowedGrouping> {
    yield this.#exact;
    yield* this.#others.values();
  }

  #make(ignored: IgnoredDifferences): FollowedGrouping {
    const grouping = new OutputGrouping(ignored, this.#job);
    const behind = new Set(Array.from(this.#ledger.nodes, ({ node }) => node));
    return { grouping, behind, ready: this.#catchUp(grouping, behind) };
  }

  async #catchUp(grouping: OutputGrouping, behind: Set<string>): Promise<OutputGrouping> {
    const maybeYield = createYielder();
    for (const node of behind) {
      let taken = 0;
      // More output can arrive while this is read.
      for (let from = -1; from < taken && taken < this.#output.size(node);) {
        from = taken;
        for await (const bytes of this.#output.stream(node, from)) {
          grouping.append(node, bytes);
          taken += bytes.length;
          await maybeYield();
        }
      }
      const result = this.#ledger.get(node);
      if (result && isOver(result)) grouping.end(node);
      behind.delete(node);
    }
    return grouping;
  }
}
