import * as vscode from 'vscode';
import { type Choice, chosenTargets, describeChoice, hasExpression } from '../../exec/choice.ts';
import { filterRoom } from '../../exec/filters.ts';
import { findHazards } from '../../exec/hazards/findHazards.ts';
import { describeHazard } from '../../exec/hazards/wording.ts';
import { payloadSize } from '../../exec/runJob.ts';
import { plainLabel } from '../plainLabel.ts';
import type { PickSession } from './pickSession.ts';

/** Something a typed expression does that may not be meant. */
export interface Remark {
  readonly text: string;
  /** A choice that does what was probably meant, in all of the datacenters. */
  readonly fix?: Choice;
}

/** What is odd about a choice with expressions in it; a choice from lists is what it seems. */
export function remarksOn({ sites, settings }: PickSession, choice: Choice): Remark[] {
  if (!hasExpression(choice)) return [];
  const room = filterRoom(payloadSize(settings.prefix));
  const placed = sites.all.map((site) => ({ site, nodes: site.nodes }));
  const labels = new Map(
    placed.flatMap(({ site, nodes }) =>
      nodes.map((node) => [node, sites.label(site, node.name)] as const),
    ),
  );
  const hazards = findHazards([...labels.keys()], choice, room);
  const remarks = hazards.map((hazard): Remark => {
    const text = plainLabel(describeHazard(hazard, (node) => labels.get(node) ?? node.name));
    return hazard.fix ? { text, fix: hazard.fix } : { text };
  });
  const idle = placed
    .filter(({ nodes }) => chosenTargets(choice, nodes).reached.length === 0)
    .map(({ site }) => site.datacenter);
  if (idle.length > 0 && idle.length < placed.length) {
    remarks.push({ text: vscode.l10n.t('In {0} this reaches nobody.', idle.join(', ')) });
  }
  return remarks;
}

/** `Use service nginx instead` */
export function fixLabel(fix: Choice): string {
  return vscode.l10n.t('Use {0} instead', plainLabel(describeChoice(fix)));
}
