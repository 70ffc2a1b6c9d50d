import * as vscode from 'vscode';
import type { Choice } from '../../exec/choice.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import { type Answer, BACK, pickOne, type ValueItem } from '../input/quickInput.ts';
import { fixLabel, remarksOn } from './reviewRemarks.ts';

/** Says that nobody would run it, and why. @returns a choice proposed instead, if it was taken */
export function nobodyStep(session: PickSession, choice: Choice): Promise<Answer<Choice>> {
  const [remark] = remarksOn(session, choice);
  const frame = frameOf(session, 4, vscode.l10n.t('Nobody Would Run It'));
  const rows: ValueItem<Choice | typeof BACK>[] = [
    ...(remark?.fix
      ? [
          {
            label: fixLabel(remark.fix),
            iconPath: new vscode.ThemeIcon('lightbulb'),
            value: remark.fix,
          },
        ]
      : []),
    {
      label: vscode.l10n.t('Choose other nodes'),
      iconPath: new vscode.ThemeIcon('arrow-left'),
      value: BACK,
    },
  ];
  const prompt = vscode.l10n.t('{0} Nothing was run.', remark?.text ?? nobody(session));
  return pickOne<Choice | typeof BACK>(
    frame,
    vscode.l10n.t('No node matches this choice'),
    () => rows,
    { prompt },
  );
}

function nobody({ sites }: PickSession): string {
  return sites.nodes.length === 0
    ? vscode.l10n.t(
        'Consul shows no node of {0} to you. Your token may lack node:read and service:read.',
        sites.names,
      )
    : vscode.l10n.t('No node of {0} matches this choice.', sites.names);
}
