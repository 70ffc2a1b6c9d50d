import type * as vscode from 'vscode';
import type { NodeItem } from './nodeItems.ts';
import type { SiteNode } from './sites.ts';

/** The ticks of a quick pick of nodes whose rows change while it is open. */
export class TickedNodes {
  readonly #pick: vscode.QuickPick<NodeItem | vscode.QuickPickItem>;
  /** Labels of ticked nodes that are not in the list at the moment. */
  #away: ReadonlySet<string> = new Set();

  constructor(pick: vscode.QuickPick<NodeItem | vscode.QuickPickItem>) {
    this.#pick = pick;
  }

  get targets(): SiteNode[] {
    return this.#pick.selectedItems.flatMap((item) => ('target' in item ? [item.target] : []));
  }

  get labels(): Set<string> {
    return new Set(this.targets.map(({ label }) => label));
  }

  /** Labels of all that are ticked, whether or not they are in the list at the moment. */
  get wanted(): Set<string> {
    return this.labels.union(this.#away);
  }

  /**
   * Shows these rows. Whoever was ticked stays so, also when it went and came back; whoever is new
   * is not: nobody has agreed to it.
   */
  draw(
    items: readonly (NodeItem | vscode.QuickPickItem)[],
    ticked: ReadonlySet<string> = this.wanted,
  ): void {
    const shown = items.filter((item) => 'target' in item);
    const selected = shown.filter(({ target }) => ticked.has(target.label));
    this.#pick.items = items;
    this.#pick.selectedItems = selected;
    this.#away = ticked.difference(new Set(selected.map(({ target }) => target.label)));
  }
}
