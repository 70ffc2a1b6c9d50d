import * as vscode from 'vscode';
import { baseName } from '../../runs/text/fileReferences.ts';
import { timeLabel } from '../../runs/text/time.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import { markdownNote } from '../export/markdownNote.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import { runLabel } from '../runsView/runItems.ts';
import { runsOfFile } from './blockRuns.ts';

/** A document that people read. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;

interface RunRow extends vscode.QuickPickItem {
  readonly listed: ListedRun;
}

/**
 * Collects runs of the file in the active editor, in their order, in a new document.
 * @throws NothingToDo if it has none
 */
export async function saveIncidentNote(
  services: LoadServices,
  ignored: IgnoredDifferences,
): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const runs = uri ? runsOfFile(uri.fsPath, services.runs.all) : [];
  if (!uri || runs.length === 0) {
    throw new NothingToDo(
      vscode.l10n.t('No run in the list is of the file in the active editor. Open the runbook.'),
    );
  }
  const chosen = await chooseRuns(runs);
  if (!chosen) return;
  const name = baseName(uri.path);
  const pieces = [`# ${vscode.l10n.t('Incident Note: {0}', name)}\n\n`];
  let size = 0;
  for (const listed of chosen) {
    const run = await services.loader.load(listed);
    for await (const piece of markdownNote(run, ignored)) {
      // Each run is a section of this note.
      pieces.push(piece.replace(/^(\n?)(#+ )/, '$1#$2'));
      size += piece.length;
      if (size > MAX_CHARACTERS) {
        throw new UserError(
          vscode.l10n.t('The note is too large. Select fewer runs, or export them one by one.'),
        );
      }
    }
    pieces.push('\n');
  }
  const content = pieces.join('');
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
}

/** @returns undefined if the user cancels or selects none */
async function chooseRuns(runs: readonly ListedRun[]): Promise<readonly ListedRun[] | undefined> {
  const now = Date.now();
  const rows = runs.map((listed): RunRow => ({
    listed,
    label: plainLabel(listed.info.title),
    description: `${timeLabel(listed.info.createdAt)} · ${nodeCountLabel(listed.info.targets.length)}`,
    detail: plainLabel(runLabel(listed)),
    picked: now - listed.info.createdAt < DAY_MS,
  }));
  const picked = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    title: vscode.l10n.t('Save Session as Incident Note'),
    placeHolder: vscode.l10n.t(
      'Select the runs for the note; those of the last 24 hours are selected',
    ),
  });
  return picked && picked.length > 0 ? picked.map(({ listed }) => listed) : undefined;
}
