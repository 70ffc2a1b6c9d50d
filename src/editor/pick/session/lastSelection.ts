import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { StateKey } from '../../base/stateKey.ts';

/** The selection of a run, so that it can be offered again. Labels are the same as in the run. */
export interface LastSelection {
  readonly selection: TargetSelection;
  readonly datacenters: readonly string[];
  readonly selected: LabelSubset;
}

/** Some of the nodes that a selection matches: the labels in it, or the labels not in it. */
export type LabelSubset =
  { readonly only: readonly string[] } | { readonly allBut: readonly string[] };

const Names = v.array(v.string());
const Field = v.variant('kind', [
  v.object({ kind: v.literal('any') }),
  v.object({ kind: v.literal('exactly'), names: Names }),
  v.object({ kind: v.literal('matching'), expression: v.string() }),
]);

/** The names of the fields in the store are older than the names in the code. */
interface StoredSelection {
  readonly choice: TargetSelection;
  readonly datacenters: readonly string[];
  readonly ticks: LabelSubset;
}

type StoredSelections = Readonly<Record<string, StoredSelection>>;

/** One selection for each connection, in this workspace. */
class SelectionMemory {
  readonly #key: StateKey<StoredSelections>;

  constructor(key: string) {
    this.#key = new StateKey<StoredSelections>(
      key,
      v.record(
        v.string(),
        v.object({
          choice: v.object({ service: Field, tag: Field, node: Field }),
          datacenters: Names,
          ticks: v.union([v.object({ only: Names }), v.object({ allBut: Names })]),
        }),
      ),
      {},
    );
  }

  read(state: vscode.Memento, connection: string): LastSelection | undefined {
    const all = this.#key.read(state);
    const stored = Object.hasOwn(all, connection) ? all[connection] : undefined;
    if (!stored) return undefined;
    const { choice, datacenters, ticks } = stored;
    return { selection: choice, datacenters, selected: ticks };
  }

  /** @param last undefined to forget it */
  async write(
    state: vscode.Memento,
    connection: string,
    last: LastSelection | undefined,
  ): Promise<void> {
    const { [connection]: before, ...others } = this.#key.read(state);
    if (!last) {
      if (before) await this.#key.write(state, others);
      return;
    }
    const { selection, datacenters, selected } = last;
    const stored = { choice: selection, datacenters, ticks: selected };
    await this.#key.write(state, { ...others, [connection]: stored });
  }

  writer(state: vscode.Memento, connection: string): (last: LastSelection) => Promise<void> {
    return (last) => this.write(state, connection, last);
  }
}

/** Of the last run. */
export const lastSelections = new SelectionMemory('lastChoices');

/** Of the last review that the user left without running. Forgotten with the next run. */
export const leftSelections = new SelectionMemory('leftChoices');

/**
 * The labels to select when a selection is used again. `allBut` also includes nodes that are new.
 * @param reached labels of the nodes that the selection reaches now
 */
export function labelsIn(subset: LabelSubset, reached: readonly string[]): Set<string> {
  if ('only' in subset) return new Set(subset.only);
  const excluded = new Set(subset.allBut);
  return new Set(reached.filter((label) => !excluded.has(label)));
}

/**
 * The shorter way to describe which nodes were selected.
 * @param reached labels of all nodes that the selection reaches
 * @param selected labels of the nodes of the run
 */
export function subsetOf(reached: readonly string[], selected: readonly string[]): LabelSubset {
  const excluded = new Set(reached).difference(new Set(selected));
  const isWithinReached = reached.length - excluded.size === selected.length;
  return isWithinReached && excluded.size < selected.length
    ? { allBut: [...excluded] }
    : { only: selected };
}
