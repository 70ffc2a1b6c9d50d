import * as vscode from 'vscode';
import { serviceNames } from '../../../consul/catalog/catalogNode.ts';
import { joinNames } from '../../../base/joinNames.ts';
import { type LabeledNode, onePerService } from '../../../exec/targeting/choice/onePer.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { type Answer, showUntilAnswered, type StepFrame } from '../../base/quickInput.ts';

interface NodeItem extends vscode.QuickPickItem {
  readonly labels: readonly string[];
}

/**
 * Asks for the nodes that run first: a canary is chosen, and not drawn.
 * @param nodes of all steps
 * @returns labels, at least one and not all
 */
export function askFirstNodes(
  frame: StepFrame,
  nodes: readonly LabeledNode[],
): Promise<Answer<readonly string[]>> {
  const pick = vscode.window.createQuickPick<NodeItem>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.placeholder = vscode.l10n.t('Select the nodes that run first');
  pick.items = [...serviceItems(nodes), ...nodes.map(nodeItem)];
  const accept = () => {
    const chosen = new Set(pick.selectedItems.flatMap(({ labels }) => labels));
    if (chosen.size > 0 && chosen.size < nodes.length) return [...chosen];
    pick.placeholder = vscode.l10n.t('Select at least one node, and not all of them');
    return undefined;
  };
  return showUntilAnswered<readonly string[]>(pick, { ...frame, canGoBack: true }, accept);
}

/** One node of each service, if that is a part of the nodes. */
function serviceItems(nodes: readonly LabeledNode[]): NodeItem[] {
  const labels = onePerService(nodes);
  if (labels.length < 2 || labels.length === nodes.length) return [];
  return [
    {
      label: vscode.l10n.t('One node of each service'),
      description: plainLabel(joinNames(labels, 5)),
      iconPath: new vscode.ThemeIcon('symbol-misc'),
      labels,
    },
  ];
}

function nodeItem({ label, node }: LabeledNode): NodeItem {
  return {
    label: plainLabel(label),
    description: plainLabel(joinNames([...serviceNames(node)], 3)),
    iconPath: new vscode.ThemeIcon('server'),
    labels: [label],
  };
}
