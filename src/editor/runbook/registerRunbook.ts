import * as vscode from 'vscode';
import { commands, RUNBOOK } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { NothingToDo } from '../base/userError.ts';
import { CellRuns } from './cellRuns.ts';
import { RunbookController, type RunbookServices } from './runbookController.ts';
import { runbookSerializer } from './runbookSerializer.ts';

/** Registers the notebook view of Markdown files. Outputs of cells are not written to the file. */
export function registerRunbook(services: RunbookServices): vscode.Disposable {
  const cellRuns = new CellRuns(services.viewOptions);
  return vscode.Disposable.from(
    cellRuns,
    vscode.workspace.registerNotebookSerializer(RUNBOOK, runbookSerializer, {
      transientOutputs: true,
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider(RUNBOOK, cellRuns),
    new RunbookController(services, cellRuns),
    registerCommand(commands.reopenAsRunbook, services.log, () => reopenAsRunbook()),
  );
}

async function reopenAsRunbook(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== 'markdown' || document.isUntitled) {
    throw new NothingToDo(vscode.l10n.t('Open a Markdown file first, and save it.'));
  }
  await vscode.commands.executeCommand('reopenActiveEditorWith', RUNBOOK);
}
