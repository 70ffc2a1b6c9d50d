import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { exportName } from '../../runs/export/fileName.ts';
import type { Ignored } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';
import { tell } from '../notify.ts';
import { type Format, formats } from './formats.ts';
import { saveWithProgress } from './saveWithProgress.ts';

/**
 * Lets the user choose a format and a file, and writes the run there.
 * @param ignored differences that do not count where outputs are put into groups
 * @throws UserError when it cannot be written
 */
export async function exportRun(run: Run, ignored: Ignored): Promise<void> {
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
  const title = vscode.l10n.t('Exporting the run');
  if (!(await saveWithProgress(target, format.write(run, ignored), title))) return;
  const open = vscode.l10n.t('Open');
  const chosen = await tell(
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
