import * as vscode from 'vscode';
import type { Reviewable, ReviewedNodes } from '../../exec/review/reviewedNodes.ts';

/** A tree with nodes that a text can filter. */
interface FilteredTree {
  readonly nodes: ReviewedNodes<Reviewable>;
  setFilter(text: string): void;
}

/** Filters while the user types. Escape returns to the filter from before. */
export async function askNodeFilter(title: string, tree: FilteredTree): Promise<void> {
  const before = tree.nodes.filter;
  void tree.nodes.prepareFilter();
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t(
      'Part of a name, an address, or a service. What is selected stays selected.',
    ),
    value: before,
    validateInput: (typed) => {
      tree.setFilter(typed);
      return undefined;
    },
  });
  tree.setFilter(text ?? before);
}
