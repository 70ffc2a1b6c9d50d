import * as vscode from 'vscode';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { fixLabel, selectionWarnings } from '../review/selectionWarnings.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { type Answer, BACK, pickOne, type ValueItem } from '../../base/quickInput.ts';

/** Explains that no node would run the job, and why. @returns the proposed selection, if accepted */
export function noMatchStep(
  session: PickSession,
  selection: TargetSelection,
): Promise<Answer<TargetSelection>> {
  const [warning] = selectionWarnings(session, selection);
  const frame = frameOf(session, 4, vscode.l10n.t('No Matching Nodes'));
  const rows: ValueItem<TargetSelection | typeof BACK>[] = [
    ...(warning?.fix
      ? [
          {
            label: fixLabel(warning.fix),
            iconPath: new vscode.ThemeIcon('lightbulb'),
            value: warning.fix,
          },
        ]
      : []),
    {
      label: vscode.l10n.t('Select Other Nodes'),
      iconPath: new vscode.ThemeIcon('arrow-left'),
      value: BACK,
    },
  ];
  const reason = warning?.text ?? noMatchMessage(session);
  return pickOne<TargetSelection | typeof BACK>(
    frame,
    vscode.l10n.t('No node matches this selection'),
    () => rows,
    { prompt: `${reason} ${vscode.l10n.t('Nothing was run.')}` },
  );
}

function noMatchMessage({ datacenters }: PickSession): string {
  return datacenters.nodes.length === 0
    ? vscode.l10n.t(
        'Consul shows you no nodes in {0}. Your token may lack node:read and service:read.',
        datacenters.names,
      )
    : vscode.l10n.t('No node in {0} matches this selection.', datacenters.names);
}
