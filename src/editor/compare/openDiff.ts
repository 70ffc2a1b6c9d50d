import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { NothingToDo } from '../base/userError.ts';
import { exactTimeLabel } from '../../runs/text/time.ts';
import { openDocument } from '../output/documentUri.ts';
import type { Side } from './side.ts';

/**
 * Opens the diff editor on two texts. The title shows how each side ended, because that can be the only
 * difference.
 * @throws NothingToDo when nothing differs: neither has output, and both have the same status
 */
export async function openDiff(left: Side, right: Side): Promise<void> {
  if (left.isEmpty && right.isEmpty && left.state === right.state) {
    throw new NothingToDo(
      vscode.l10n.t(
        '{0} and {1} produced no output and have the same status, so there is nothing to compare.',
        left.label,
        right.label,
      ),
    );
  }
  // The diff editor itself would decode them by `files.encoding`.
  await Promise.all([openDocument(left.uri), openDocument(right.uri)]);
  await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, titleOf(left, right), {
    preview: true,
  });
}

/**
 * `web-01 (exited 0) ⟷ web-03 (exited 2) · uptime`; for two runs
 * `web-01 · uptime: 14:02 (exited 0) ⟷ 17:40 (lost contact)`
 */
function titleOf(left: Side, right: Side): string {
  const title = displayName(right.run.info.title);
  if (left.run === right.run) {
    return `${withNotes(left.label, left)} ⟷ ${withNotes(right.label, right)} · ${title}`;
  }
  const [before, after] = [left, right].map(({ run }) => exactTimeLabel(run.info.createdAt));
  if (left.label !== right.label) {
    return `${withNotes(left.label, left, before)} ⟷ ${withNotes(right.label, right, after)}`;
  }
  const what = left.label === title ? title : `${left.label} · ${title}`;
  return `${what}: ${withNotes(before ?? '', left)} ⟷ ${withNotes(after ?? '', right)}`;
}

/** Adds the time and the state, if any: `web-01 (14:02, exited 0)` */
function withNotes(label: string, { state }: Side, time?: string): string {
  const notes = [time, state].filter((note) => note !== undefined);
  return notes.length === 0 ? label : `${label} (${notes.join(', ')})`;
}
