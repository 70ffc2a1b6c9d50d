import type * as vscode from 'vscode';
import { filterMatch } from './filterMatch.ts';
import type { NodePickItem } from './nodeItems.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';

/** The selected nodes of a quick pick whose rows change while it is open. */
export class SelectedNodes {
  readonly #pick: vscode.QuickPick<NodePickItem>;
  /** Labels of selected nodes that are currently not in the list. */
  #unlisted: ReadonlySet<string> = new Set();

  constructor(pick: vscode.QuickPick<NodePickItem>) {
    this.#pick = pick;
  }

  get targets(): TargetNode[] {
    return this.#pick.selectedItems.flatMap((item) => ('target' in item ? [item.target] : []));
  }

  get labels(): Set<string> {
    return new Set(this.targets.map(({ label }) => label));
  }

  /** Labels of all selected nodes, including those that are currently not in the list. */
  get wanted(): Set<string> {
    return this.labels.union(this.#unlisted);
  }

  /** Selected nodes whose rows the filter of the pick hides. */
  get hidden(): TargetNode[] {
    const isShown = filterMatch(this.#pick.value);
    return this.#pick.selectedItems.flatMap((item) =>
      'target' in item && !isShown(item) ? [item.target] : [],
    );
  }

  /**
   * Shows these rows. A selected node stays selected, even if it leaves the list and returns. A new
   * node is not selected, because the user has not agreed to run on it.
   */
  draw(items: readonly NodePickItem[], selected: ReadonlySet<string> = this.wanted): void {
    const shown = items.filter((item) => 'target' in item);
    const selectedItems = shown.filter(({ target }) => selected.has(target.label));
    this.#pick.items = items;
    this.#pick.selectedItems = selectedItems;
    this.#unlisted = selected.difference(new Set(selectedItems.map(({ target }) => target.label)));
  }
}
