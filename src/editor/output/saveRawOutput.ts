import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { exportName } from '../../runs/export/fileName.ts';
import type { Run } from '../../runs/run.ts';
import { saveWithProgress } from '../base/saveWithProgress.ts';
import { showInfo } from '../base/notify.ts';
import { UserError } from '../base/userError.ts';

/**
 * Lets the user select a file, and saves the node's output there byte for byte.
 * @throws UserError when there is no output, or the file can't be written
 */
export async function saveRawOutput(run: Run, node: string): Promise<void> {
  const name = displayName(node);
  if (run.output.size(node) === 0) {
    throw new UserError(
      vscode.l10n.t('{0} produced no output, so there is nothing to save.', name),
    );
  }
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const parent = folder?.uri ?? vscode.Uri.file(homedir());
  const file = exportName({ title: node, createdAt: run.info.createdAt });
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Raw Output of {0}', name),
    defaultUri: vscode.Uri.joinPath(parent, `${file}.txt`),
  });
  if (!target) return;
  const title = vscode.l10n.t('Saving the output of {0}', name);
  if (!(await saveWithProgress(target, run.output.stream(node), title))) return;
  const open = vscode.l10n.t('Open');
  const chosen = await showInfo(
    vscode.l10n.t('Saved the output of {0} to {1}.', name, vscode.workspace.asRelativePath(target)),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}
