import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { UserError } from '../userError.ts';
import { describeTime } from '../../runs/describeTime.ts';
import type { Side } from './side.ts';

/**
 * Opens the native diff editor on two texts. Its title tells how each side ended, which may be all
 * that differs.
 * @throws UserError when nothing does: both wrote nothing and ended alike
 */
export async function openDiff(left: Side, right: Side): Promise<void> {
  if (left.isEmpty && right.isEmpty && left.state === right.state) {
    throw new UserError(
      vscode.l10n.t(
        '{0} and {1} wrote nothing and stand alike, so there is nothing to compare.',
        left.label,
        right.label,
      ),
    );
  }
  await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, titleOf(left, right), {
    preview: true,
  });
}

/**
 * `web-01 (exited 0) ⟷ web-03 (exited 2) · uptime`; of two runs,
 * `web-01 · uptime: 14:02 (exited 0) ⟷ 17:40 (lost contact)`
 */
function titleOf(left: Side, right: Side): string {
  const title = displayName(right.run.info.title);
  if (left.run === right.run) {
    return `${withNotes(left.label, left)} ⟷ ${withNotes(right.label, right)} · ${title}`;
  }
  const [before, after] = [left, right].map(({ run }) => describeTime(run.info.createdAt, true));
  if (left.label !== right.label) {
    return `${withNotes(left.label, left, before)} ⟷ ${withNotes(right.label, right, after)}`;
  }
  const what = left.label === title ? title : `${left.label} · ${title}`;
  return `${what}: ${withNotes(before ?? '', left)} ⟷ ${withNotes(after ?? '', right)}`;
}

/** A label with what there is to add to it: `web-01 (14:02, exited 0)` */
function withNotes(label: string, { state }: Side, time?: string): string {
  const notes = [time, state].filter((note) => note !== undefined);
  return notes.length === 0 ? label : `${label} (${notes.join(', ')})`;
}
