import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { exportName } from '../../runs/export/fileName.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import type { Run } from '../../runs/run.ts';
import { showInfo } from '../base/notify.ts';
import { type ExportFormat, formats } from './formats.ts';
import { saveWithProgress } from '../base/saveWithProgress.ts';

/**
 * Lets the user select a format and a file, and exports the run.
 * @param ignored differences to ignore when outputs are grouped
 * @throws UserError when the file can't be written
 */
export async function exportRun(run: Run, ignored: IgnoredDifferences): Promise<void> {
  const format = await vscode.window.showQuickPick(formats(), {
    title: vscode.l10n.t('Export Run'),
    placeHolder: vscode.l10n.t('Select a format'),
    matchOnDescription: true,
  });
  if (!format) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Run as {0}', format.label),
    defaultUri: suggestedFile(run, format),
    filters: { [format.label]: [format.extension] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (!target) return;
  const title = vscode.l10n.t('Exporting the run');
  if (!(await saveWithProgress(target, format.write(run, ignored), title))) return;
  const open = vscode.l10n.t('Open');
  const chosen = await showInfo(
    vscode.l10n.t('Saved the run to {0}.', vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

function suggestedFile(run: Run, { extension }: ExportFormat): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const parent = folder?.uri ?? vscode.Uri.file(homedir());
  return vscode.Uri.joinPath(parent, `${exportName(run.info)}.${extension}`);
}
