import * as vscode from 'vscode';
import { jobText } from '../../exec/job.ts';
import { displayName } from '../../exec/displayName.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import { type Answer, BACK, pickOne } from '../input/quickInput.ts';

/** A line of what will run: nothing in it is left out or passes for something else. */
export function displayCode(line: string): string {
  return displayName(line.replaceAll('\t', '    ')).replaceAll('$(', '\\$(');
}

/** Shows every line of what will run, to be read and searched; Enter and Back lead back. */
export function showText(session: PickSession): Promise<Answer<typeof BACK>> {
  const lines = jobText(session.job).trimEnd().split('\n');
  const digits = String(lines.length).length;
  const rows = lines.map((line, i) => ({
    label: `${String(i + 1).padStart(digits, '\u2007')}  ${displayCode(line)}`,
    value: BACK,
  }));
  return pickOne<typeof BACK>(
    frameOf(session, 4, vscode.l10n.t('Run on Nodes: Text')),
    vscode.l10n.t('This is what will run. Enter goes back to the review'),
    () => rows,
  );
}
