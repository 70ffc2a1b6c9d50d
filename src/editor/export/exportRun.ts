import { homedir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { exportName } from '../../runs/export/fileName.ts';
import type { Run } from '../../runs/run.ts';
import { type Format, formats } from './formats.ts';
import { saveText } from './saveText.ts';

/** What takes less is over before a notification could be read. */
const LONG_MS = 1000;
const REPORT_MS = 300;
const MEGABYTE = 1024 * 1024;

/**
 * Lets the user choose a format and a file, and writes the run there.
 * @throws UserError when it cannot be written
 */
export async function exportRun(run: Run): Promise<void> {
  const format = await vscode.window.showQuickPick(formats(), {
    title: vscode.l10n.t('Export Run'),
    placeHolder: vscode.l10n.t('As what?'),
    matchOnDescription: true,
  });
  if (!format) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Run as {0}', format.label),
    defaultUri: suggestion(run, format),
    filters: { [format.label]: [format.extension] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (!target) return;
  if (!(await save(run, format, target))) return;
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The run is saved in {0}.', vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

function suggestion(run: Run, { extension }: Format): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const place = folder?.uri ?? vscode.Uri.file(homedir());
  return vscode.Uri.joinPath(place, `${exportName(run.info)}.${extension}`);
}

/** @returns whether it was not given up */
async function save(run: Run, { write }: Format, target: vscode.Uri): Promise<boolean> {
  const cancel = new AbortController();
  let written = 0;
  const saving = saveText(target, write(run), (bytes) => (written += bytes), cancel.signal);
  const settled = saving.then(
    () => true,
    () => true,
  );
  if (!(await Promise.race([settled, wait(LONG_MS, false, { ref: false })]))) {
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Exporting the run'),
        cancellable: true,
      },
      async (progress, token) => {
        const tell = () =>
          progress.report({
            message: vscode.l10n.t('{0} MB written', (written / MEGABYTE).toFixed(1)),
          });
        const timer = setInterval(tell, REPORT_MS);
        const subscription = token.onCancellationRequested(() => cancel.abort());
        tell();
        await settled;
        clearInterval(timer);
        subscription.dispose();
      },
    );
  }
  try {
    await saving;
    return true;
  } catch (error) {
    if (cancel.signal.aborted) return false;
    throw error;
  }
}
