import * as vscode from 'vscode';
import { ANY, type Choice, type Pick } from '../../exec/choice.ts';
import { nodeCount } from '../nodeCount.ts';
import { plainLabel } from '../plainLabel.ts';
import { askExpression } from './expressionInput.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import type { Sites } from './sites.ts';
import { type Answer, BACK, pickOne, separator, type ValueItem } from '../input/quickInput.ts';

type Row = Pick | 'expression';

/** Which of the service's tags; only asked once there is a service. */
export async function tagStep(session: PickSession, choice: Choice): Promise<Answer<Pick>> {
  const frame = frameOf(session, 2, vscode.l10n.t('Run on Nodes: Tag'));
  for (;;) {
    const row = await pickOne<Row>(
      frame,
      vscode.l10n.t('Which tag must the service have?'),
      () => rows(session, choice),
      { live: session.sites },
    );
    if (row !== 'expression') return row;
    const pick = await askExpression(session, frame, {
      prompt: vscode.l10n.t(
        'A regular expression (RE2) held against each tag of the service, as consul exec -tag does.',
      ),
      placeholder: '^primary$',
      before: choice.tag,
      choiceWith: (tag) => ({ ...choice, tag, node: ANY }),
    });
    if (pick !== BACK) return pick;
  }
}

function rows({ sites }: PickSession, choice: Choice): (ValueItem<Row> | vscode.QuickPickItem)[] {
  const count = (tag: Pick) => sites.count({ ...choice, tag, node: ANY });
  const row = (label: string, icon: string, value: Pick): ValueItem<Row> => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    description: nodeCount(count(value)),
    value,
  });
  return [
    row(vscode.l10n.t('Any tag'), 'globe', ANY),
    separator(vscode.l10n.t('tags')),
    ...tagsOf(sites, choice).map((tag) =>
      row(plainLabel(tag), 'tag', { kind: 'exactly', names: [tag] }),
    ),
    separator(vscode.l10n.t('by expression')),
    {
      label: vscode.l10n.t('Tag matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on tags, as consul exec does'),
      value: 'expression',
    },
  ];
}

/** Tags of the chosen service on the nodes that have it; of all their services for an expression. */
function tagsOf(sites: Sites, { service }: Choice): string[] {
  const tags = new Set<string>();
  for (const { node } of sites.targets({ service, tag: ANY, node: ANY }).reached) {
    for (const instance of node.services) {
      if (service.kind === 'exactly' && !service.names.includes(instance.name)) continue;
      for (const tag of instance.tags) tags.add(tag);
    }
  }
  return [...tags].sort((a, b) => a.localeCompare(b));
}
