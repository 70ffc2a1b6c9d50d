import * as vscode from 'vscode';
import {
  ANY,
  isSameList,
  type TargetSelection,
  type FieldSelection,
} from '../../../exec/targeting/targetSelection.ts';
import { askExpression } from '../inputs/expressionInput.ts';
import type { TargetDatacenters } from '../session/datacenterTargets.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import {
  type Answer,
  pickOne,
  separator,
  type StepFrame,
  type ValueItem,
} from '../../base/quickInput.ts';
import { listOrExpression } from './listOrExpression.ts';

type Row = FieldSelection | 'expression';

/** Asks for a tag of the service. Without a service there is no such step. */
export async function tagStep(
  session: PickSession,
  selection: TargetSelection,
): Promise<Answer<FieldSelection>> {
  const frame = frameOf(session, 2, vscode.l10n.t('Run on Nodes: Tag'));
  return listOrExpression<FieldSelection>({
    startsAtExpression: selection.tag.kind === 'matching',
    pick: () =>
      pickOne<Row>(frame, vscode.l10n.t('Select a tag'), () => rows(session, selection), {
        live: session.datacenters,
        current: (value) => value !== 'expression' && isSameList(value, selection.tag),
      }),
    askExpression: () => askTag(session, frame, selection),
  });
}

function askTag(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<FieldSelection>> {
  return askExpression(session, frame, {
    prompt: vscode.l10n.t(
      'A regular expression (RE2) that matches anywhere in a tag of the service, like consul exec -tag.',
    ),
    placeholder: '^primary$',
    current: selection.tag,
    selectionWith: (field) => ({ ...selection, tag: field, node: ANY }),
  });
}

function rows(
  { datacenters }: PickSession,
  selection: TargetSelection,
): (ValueItem<Row> | vscode.QuickPickItem)[] {
  const row = (label: string, icon: string, tag: FieldSelection): ValueItem<Row> => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    description: nodeCountLabel(datacenters.count({ ...selection, tag, node: ANY })),
    value: tag,
  });
  return [
    row(vscode.l10n.t('Any Tag'), 'globe', ANY),
    separator(vscode.l10n.t('tags')),
    ...tagsOf(datacenters, selection).map((tag) =>
      row(plainLabel(tag), 'tag', { kind: 'exactly', names: [tag] }),
    ),
    separator(vscode.l10n.t('by expression')),
    {
      label: vscode.l10n.t('Tag Matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on tags, like consul exec'),
      value: 'expression',
    },
  ];
}

/** Tags of the service on its nodes. For an expression, tags of all services of the nodes it matches. */
function tagsOf(datacenters: TargetDatacenters, { service }: TargetSelection): string[] {
  const tags = new Set<string>();
  for (const { node } of datacenters.targets({ service, tag: ANY, node: ANY }).reached) {
    for (const instance of node.services) {
      if (service.kind === 'exactly' && !service.names.includes(instance.name)) continue;
      for (const tag of instance.tags) tags.add(tag);
    }
  }
  return [...tags].sort((a, b) => a.localeCompare(b));
}
