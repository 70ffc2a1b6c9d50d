import * as vscode from 'vscode';
import { wrapText } from '../../../exec/review/wrapText.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { type Answer, BACK, pickOne, type ValueItem } from '../../base/quickInput.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { fixLabel, type SelectionWarning } from './selectionWarnings.ts';

/** A row has space for about this many characters. */
const LINE_LENGTH = 80;

type Row = TargetSelection | typeof BACK;

/**
 * Shows the warnings of the quick pick one below the other, each above its fix: the quick pick itself has
 * check boxes in every row, and its prompt has no lines.
 * @returns the selection of a fix; Back for the review as it was
 */
export function showWarnings(
  session: PickSession,
  warnings: readonly SelectionWarning[],
): Promise<Answer<TargetSelection>> {
  const rows = warnings.flatMap((warning) => [
    warningRow(warning),
    ...(warning.fix ? [fixRow(warning.fix)] : []),
  ]);
  return pickOne<Row>(
    frameOf(session, 4, vscode.l10n.t('Run on Nodes: Warnings')),
    vscode.l10n.t('Select a fix, or press Enter to return to the review'),
    () => rows,
  );
}

function warningRow({ text }: SelectionWarning): ValueItem<Row> {
  const [label = '', ...further] = wrapText(text, LINE_LENGTH);
  return {
    label,
    iconPath: new vscode.ThemeIcon(
      'warning',
      new vscode.ThemeColor('problemsWarningIcon.foreground'),
    ),
    detail: further.join(' '),
    value: BACK,
  };
}

function fixRow(fix: TargetSelection): ValueItem<Row> {
  return { label: fixLabel(fix), iconPath: new vscode.ThemeIcon('lightbulb'), value: fix };
}
