import * as vscode from 'vscode';
import { ANY, type Choice, describeChoice, EVERYTHING, type Pick } from '../../exec/choice.ts';
import { canAnswer } from '../../exec/targets.ts';
import { type LastChoice, tickedAgain } from '../launch/lastChoice.ts';
import { nodeCount } from '../nodeCount.ts';
import { plainLabel } from '../plainLabel.ts';
import { askExpression } from './expressionInput.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import { type Answer, BACK, pickOne, separator, type ValueItem } from '../input/quickInput.ts';

/** What the first step answers: a service, or all of the last choice at once. */
export type ServiceAnswer =
  { readonly service: Pick } | { readonly again: LastChoice } | 'datacenters';

type Row = ServiceAnswer | 'expression';

export async function serviceStep(
  session: PickSession,
  choice: Choice,
): Promise<Answer<ServiceAnswer>> {
  const frame = frameOf(session, 1, vscode.l10n.t('Run on Nodes: Service'));
  for (;;) {
    const row = await pickOne<Row>(
      frame,
      vscode.l10n.t('Which service do the nodes have to offer?'),
      () => rows(session),
      { live: session.sites, buttons: [datacenterButton()] },
    );
    if (row !== 'expression') return row;
    const pick = await askExpression(session, frame, {
      prompt: vscode.l10n.t(
        'A regular expression (RE2) held against service IDs, anywhere in them, as consul exec -service does.',
      ),
      placeholder: '^nginx-',
      before: choice.service,
      choiceWith: (service) => ({ ...EVERYTHING, service }),
    });
    if (pick !== BACK) return pick && { service: pick };
  }
}

function datacenterButton() {
  return {
    iconPath: new vscode.ThemeIcon('location'),
    tooltip: vscode.l10n.t('Choose datacenters'),
    value: 'datacenters' as const,
  };
}

function rows(session: PickSession): (ValueItem<Row> | vscode.QuickPickItem)[] {
  const { sites, last } = session;
  const reachable = sites.nodes.filter(canAnswer).length;
  return [
    ...(last ? [againRow(session, last)] : []),
    separator(vscode.l10n.t('any')),
    {
      label: vscode.l10n.t('Any service'),
      iconPath: new vscode.ThemeIcon('globe'),
      description: vscode.l10n.t('every node with an agent · {0}', nodeCount(reachable)),
      value: { service: ANY },
    },
    separator(vscode.l10n.t('services')),
    ...serviceRows(session),
    separator(vscode.l10n.t('by expression')),
    {
      label: vscode.l10n.t('Service matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on service IDs, as consul exec does'),
      value: 'expression',
    },
  ];
}

function againRow({ sites }: PickSession, last: LastChoice): ValueItem<Row> {
  const { choice, datacenters } = last;
  const words = [plainLabel(describeChoice(choice))];
  if (sites.areOf(datacenters)) {
    const reached = sites.targets(choice).reached.map(({ label }) => label);
    const ticked = tickedAgain(last, reached);
    words.push(nodeCount(reached.filter((label) => ticked.has(label)).length));
  } else {
    // Nothing is read there before it is wanted.
    words.push(datacenters.join(', '));
  }
  return {
    label: vscode.l10n.t('Same as last time'),
    iconPath: new vscode.ThemeIcon('history'),
    description: words.join(' · '),
    value: { again: last },
  };
}

function serviceRows({ sites }: PickSession): ValueItem<Row>[] {
  const services = new Map<string, { nodes: number; failing: number; tags: Set<string> }>();
  for (const node of sites.nodes) {
    const names = new Set(node.services.map(({ name }) => name));
    for (const name of names) {
      const known = services.get(name) ?? { nodes: 0, failing: 0, tags: new Set() };
      services.set(name, known);
      if (canAnswer(node)) known.nodes++;
      if (!canAnswer(node) || node.failing.length > 0) known.failing++;
      for (const service of node.services) {
        if (service.name === name) for (const tag of service.tags) known.tags.add(tag);
      }
    }
  }
  return [...services.entries()]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, { nodes: count, failing, tags }]) => ({
      label: plainLabel(name),
      iconPath: new vscode.ThemeIcon('server'),
      description: [
        nodeCount(count),
        failing > 0 ? vscode.l10n.t('{0} failing', failing) : '',
        tags.size > 0 ? vscode.l10n.t('tags {0}', plainLabel([...tags].sort().join(', '))) : '',
      ]
        .filter(Boolean)
        .join(' · '),
      value: { service: { kind: 'exactly', names: [name] } },
    }));
}
