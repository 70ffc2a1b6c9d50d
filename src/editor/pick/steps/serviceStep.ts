import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { serviceNames } from '../../../consul/catalog/catalogNode.ts';
import {
  ANY,
  describeSelection,
  isSameList,
  ALL_NODES,
  type FieldSelection,
  type TargetSelection,
} from '../../../exec/targeting/targetSelection.ts';
import { canRespond } from '../../../exec/targeting/matchNodes.ts';
import { askExpression } from '../inputs/expressionInput.ts';
import { type LastSelection, labelsIn } from '../session/lastSelection.ts';
import type { ResolvedSet } from '../sets/resolveSet.ts';
import { pickSet, setsRow } from '../sets/setPick.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import {
  type Answer,
  BACK,
  pickOne,
  separator,
  type StepFrame,
  type ValueItem,
} from '../../base/quickInput.ts';
import { listOrExpression } from './listOrExpression.ts';

/** The answer to the first step: a service, all of the last selection, a set, or other datacenters first. */
export type ServiceAnswer =
  | { readonly service: FieldSelection }
  | { readonly again: LastSelection }
  | { readonly set: ResolvedSet }
  | 'datacenters';

type Row = ServiceAnswer | 'expression' | 'set';

/** Asks for the service whose nodes should run the job. */
export async function serviceStep(
  session: PickSession,
  selection: TargetSelection,
): Promise<Answer<ServiceAnswer>> {
  const frame = frameOf(session, 1, vscode.l10n.t('Run on Nodes: Service'));
  return listOrExpression<ServiceAnswer>({
    startsAtExpression: selection.service.kind === 'matching',
    pick: () => pickServiceOrSet(session, frame, selection),
    askExpression: async () => {
      const service = await askService(session, frame, selection);
      return service && service !== BACK ? { service } : service;
    },
  });
}

async function pickServiceOrSet(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<Exclude<Row, 'set'>>> {
  for (;;) {
    const row = await pickOne<Row>(frame, vscode.l10n.t('Select a service'), () => rows(session), {
      live: session.datacenters,
      buttons: [datacenterButton()],
      current: (value) => isService(value, selection.service),
    });
    if (row !== 'set') return row;
    const set = await pickSet(session, frame);
    if (set === undefined) return undefined;
    if (set !== BACK) return { set };
  }
}

function askService(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<FieldSelection>> {
  return askExpression(session, frame, {
    prompt: vscode.l10n.t(
      'A regular expression (RE2) that matches anywhere in service IDs, like consul exec -service.',
    ),
    placeholder: '^nginx-',
    current: selection.service,
    selectionWith: (field) => ({ ...ALL_NODES, service: field }),
  });
}

/** "Any Service" is not looked for: before the user has chosen, the first row is the better one. */
function isService(row: Row, service: FieldSelection): boolean {
  return typeof row === 'object' && 'service' in row && isSameList(row.service, service);
}

function datacenterButton() {
  return {
    iconPath: new vscode.ThemeIcon('location'),
    tooltip: vscode.l10n.t('Select Datacenters'),
    value: 'datacenters' as const,
  };
}

function rows(session: PickSession): (ValueItem<Row> | vscode.QuickPickItem)[] {
  const { datacenters, last, left } = session;
  const reachable = datacenters.nodes.filter(canRespond).length;
  const sets = setsRow<Row>('set');
  return [
    ...(last ? [againRow(session, vscode.l10n.t('Same as Last Time'), 'history', last)] : []),
    // Second, so that Enter does the same whether or not a review was left.
    ...(left && !isDeepStrictEqual(left, last)
      ? [againRow(session, vscode.l10n.t('Back to the Review You Left'), 'reply', left)]
      : []),
    separator(anyLabel()),
    {
      label: vscode.l10n.t('Any Service'),
      iconPath: new vscode.ThemeIcon('globe'),
      description: vscode.l10n.t('every node with an agent · {0}', nodeCountLabel(reachable)),
      value: { service: ANY },
    },
    separator(vscode.l10n.t('services')),
    ...serviceRows(session),
    separator(vscode.l10n.t('by expression')),
    {
      label: vscode.l10n.t('Service Matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on service IDs, like consul exec'),
      value: 'expression',
    },
    ...(sets.length > 0 ? [separator(vscode.l10n.t('by name')), ...sets] : []),
  ];
}

function anyLabel(): string {
  return vscode.l10n.t({
    message: 'any',
    args: [],
    comment: ['Heading above the row "Any Service" in a list of services'],
  });
}

function againRow(
  session: PickSession,
  label: string,
  icon: string,
  again: LastSelection,
): ValueItem<Row> {
  return {
    label,
    iconPath: new vscode.ThemeIcon(icon),
    description: describeLast(session, again),
    value: { again },
  };
}

function describeLast(session: PickSession, last: LastSelection): string {
  const { selection, datacenters, selected } = last;
  const details = [plainLabel(describeSelection(selection))];
  if (session.datacenters.haveNames(datacenters)) {
    const reached = session.datacenters.reachedLabels(selection);
    const labels = labelsIn(selected, reached);
    details.push(nodeCountLabel(reached.filter((label) => labels.has(label)).length));
  } else {
    // Other datacenters are not read before the user selects this row.
    details.push(datacenters.join(', '));
  }
  return details.join(' · ');
}

interface ServiceSummary {
  reachable: number;
  failing: number;
  readonly tags: Set<string>;
}

function serviceRows({ datacenters }: PickSession): ValueItem<Row>[] {
  return [...summarizeServices(datacenters)]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, summary]) => ({
      label: plainLabel(name),
      iconPath: new vscode.ThemeIcon('server'),
      description: serviceDescription(summary),
      value: { service: { kind: 'exactly', names: [name] } },
    }));
}

function summarizeServices({ nodes }: PickSession['datacenters']): Map<string, ServiceSummary> {
  const services = new Map<string, ServiceSummary>();
  for (const node of nodes) {
    for (const name of serviceNames(node)) {
      const summary = services.get(name) ?? { reachable: 0, failing: 0, tags: new Set() };
      services.set(name, summary);
      if (canRespond(node)) summary.reachable++;
      if (!canRespond(node) || node.failing.length > 0) summary.failing++;
      for (const service of node.services) {
        if (service.name === name) for (const tag of service.tags) summary.tags.add(tag);
      }
    }
  }
  return services;
}

function serviceDescription({ reachable, failing, tags }: ServiceSummary): string {
  return [
    nodeCountLabel(reachable),
    failing > 0 ? failingNodesLabel(failing) : '',
    tags.size > 0 ? tagsLabel(plainLabel([...tags].sort().join(', '))) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function failingNodesLabel(count: number): string {
  return vscode.l10n.t({
    message: '{0} failing',
    args: [count],
    comment: ['Follows "12 nodes ·": the number of them that are failing'],
  });
}

function tagsLabel(tags: string): string {
  return vscode.l10n.t({
    message: 'tags {0}',
    args: [tags],
    comment: ['{0} lists the tags of a service: "primary, secondary"'],
  });
}
