import * as vscode from 'vscode';
import { type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import type { TargetNode, MatchedTargets } from '../session/datacenterTargets.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { separator } from '../../base/quickInput.ts';
import { nodeDetails } from './nodeDetails.ts';

/** A row for one node, with a check box. */
interface NodeItem extends vscode.QuickPickItem {
  readonly target: TargetNode;
}

/** A row of a pick of nodes; separators have no node. */
export type NodePickItem = NodeItem | vscode.QuickPickItem;

/** Rows for all nodes of a selection. Nodes that can't respond come last, with the reason. */
export function nodeItems(
  { reached, unreachable }: MatchedTargets,
  selection: TargetSelection,
): NodePickItem[] {
  const row = (target: TargetNode): NodeItem => ({
    label: plainLabel(target.label),
    description: nodeDetails(target.node, selection)
      .map(({ text, icon }) => `${icon ? `$(${icon}) ` : ''}${plainLabel(text)}`)
      .join(' · '),
    target,
  });
  return [
    ...reached.map(row),
    ...(unreachable.length > 0 ? [separator(cannotRespondLabel()), ...unreachable.map(row)] : []),
  ];
}

function cannotRespondLabel(): string {
  return vscode.l10n.t({
    message: "can't respond now",
    args: [],
    comment: ['Heading above the nodes of a list that cannot respond at the moment'],
  });
}
