import * as vscode from 'vscode';
import { ANY, type Choice, type Pick } from '../../exec/choice.ts';
import { askExpression } from './expressionInput.ts';
import { nodeItems, type NodeItem } from './nodeItems.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import {
  type Answer,
  BACK,
  pickOne,
  settle,
  type StepFrame,
  type ValueItem,
} from '../input/quickInput.ts';
import { TickedNodes } from './tickedNodes.ts';

type Row = 'all' | 'ticked' | 'expression';

/** Which of the nodes that are left by now. */
export async function nodeStep(session: PickSession, choice: Choice): Promise<Answer<Pick>> {
  const frame = frameOf(session, 3, vscode.l10n.t('Run on Nodes: Nodes'));
  for (;;) {
    const row = await pickOne<Row>(
      frame,
      vscode.l10n.t('Which of these nodes?'),
      () => rows(session, choice),
      { live: session.sites },
    );
    if (row === undefined || row === BACK) return row;
    if (row === 'all') return ANY;
    const pick =
      row === 'ticked'
        ? await tickNodes(session, frame, choice)
        : await askExpression(session, frame, {
            prompt: vscode.l10n.t(
              'A regular expression (RE2) held against node names, anywhere in them, as consul exec -node does.',
            ),
            placeholder: '^web-0[1-3]$',
            before: choice.node,
            choiceWith: (node) => ({ ...choice, node }),
          });
    if (pick !== BACK) return pick;
  }
}

function rows({ sites }: PickSession, choice: Choice): ValueItem<Row>[] {
  const length = sites.count({ ...choice, node: ANY });
  return [
    {
      label: length === 1 ? vscode.l10n.t('The one node') : vscode.l10n.t('All {0} nodes', length),
      iconPath: new vscode.ThemeIcon('globe'),
      value: 'all',
    },
    // Over several datacenters a name can be two nodes': there they are ticked in the review.
    ...(sites.several ? [] : [tickRow()]),
    {
      label: vscode.l10n.t('Node matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on node names, as consul exec does'),
      value: 'expression',
    },
  ];
}

function tickRow(): ValueItem<Row> {
  return {
    label: vscode.l10n.t('Tick nodes…'),
    iconPath: new vscode.ThemeIcon('checklist'),
    description: vscode.l10n.t('one by one'),
    value: 'ticked',
  };
}

function tickNodes(session: PickSession, frame: StepFrame, choice: Choice): Promise<Answer<Pick>> {
  const before = new Set(choice.node.kind === 'exactly' ? choice.node.names : []);
  const pick = vscode.window.createQuickPick<NodeItem | vscode.QuickPickItem>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.placeholder = vscode.l10n.t('Tick the nodes to run on');
  pick.keepScrollPosition = true;
  const ticked = new TickedNodes(pick);
  const items = () => nodeItems(session.sites.targets({ ...choice, node: ANY }), choice);
  ticked.draw(items(), before);
  const accept = (): Pick | undefined => {
    const names = [...ticked.labels];
    return names.length === 0 ? undefined : { kind: 'exactly', names };
  };
  return settle(pick, { ...frame, canGoBack: true }, accept, {
    listeners: [session.sites.onChange(() => ticked.draw(items()))],
  });
}
