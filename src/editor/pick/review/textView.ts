import * as vscode from 'vscode';
import { sentJob } from '../../../exec/guard/guardJob.ts';
import { jobText } from '../../../exec/protocol/job.ts';
import { markLookAlikeSpaces } from '../../../exec/script/lookAlikeSpaces.ts';
import { displayName } from '../../../base/displayName.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { type Answer, BACK, pickOne } from '../../base/quickInput.ts';

/** A line of the job for display. It shows every character, and none as something else. */
export function displayCode(line: string): string {
  const text = markLookAlikeSpaces(line.replaceAll('\t', '    '));
  return displayName(text).replaceAll('$(', '\\$(');
}

/** Shows every line that will run, with those of a guard, to read and search. Enter and Back return to the review. */
export function showText(session: PickSession): Promise<Answer<typeof BACK>> {
  const { job, runId, guard } = session;
  const lines = jobText(sentJob(job, runId, guard))
    .trimEnd()
    .split('\n');
  const digits = String(lines.length).length;
  const rows = lines.map((line, i) => ({
    label: `${String(i + 1).padStart(digits, '\u2007')}  ${displayCode(line)}`,
    value: BACK,
  }));
  return pickOne<typeof BACK>(
    frameOf(session, 4, vscode.l10n.t('Run on Nodes: Text')),
    vscode.l10n.t('This text will run. Press Enter to return to the review.'),
    () => rows,
  );
}
