import * as vscode from 'vscode';
import { type Choice, describeChoice, hasExpression, typedFilters } from '../../exec/choice.ts';
import { choiceOf } from '../../exec/choiceOf.ts';
import { filterRoom } from '../../exec/filters.ts';
import { findHazards } from '../../exec/hazards/findHazards.ts';
import { describeHazard } from '../../exec/hazards/wording.ts';
import { payloadSize } from '../../exec/runJob.ts';
import { plainLabel } from '../plainLabel.ts';
import type { PickSession } from './pickSession.ts';

/** Something a typed expression does that may not be meant. */
export interface Remark {
  readonly text: string;
  /** A choice that does what was probably meant. */
  readonly fix?: Choice;
}

/** What is odd about a choice with expressions in it; a choice from lists is what it seems. */
export function remarksOn({ sites, settings }: PickSession, choice: Choice): Remark[] {
  if (!hasExpression(choice)) return [];
  const room = filterRoom(payloadSize(settings.prefix));
  const remarks = sites.all.flatMap(({ nodes }) =>
    findHazards(nodes, typedFilters(choice, nodes), room).map((hazard): Remark => {
      const text = plainLabel(describeHazard(hazard));
      return hazard.fix ? { text, fix: choiceOf(hazard.fix) } : { text };
    }),
  );
  return [...new Map(remarks.map((remark) => [remark.text, remark])).values()];
}

/** `Use service /^nginx-1$/ instead` */
export function fixLabel(fix: Choice): string {
  return vscode.l10n.t('Use {0} instead', plainLabel(describeChoice(fix)));
}
