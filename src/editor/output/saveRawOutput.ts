import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { exportName } from '../../runs/export/fileName.ts';
import type { Run } from '../../runs/run.ts';
import { saveWithProgress } from '../export/saveWithProgress.ts';
import { tell } from '../notify.ts';
import { UserError } from '../userError.ts';

/**
 * Lets the user choose a file, and writes there what the node wrote, byte for byte.
 * @throws UserError when it wrote nothing, or the file cannot be written
 */
export async function saveRawOutput(run: Run, node: string): Promise<void> {
  const name = displayName(node);
  if (run.output.size(node) === 0) {
    throw new UserError(vscode.l10n.t('{0} wrote nothing, so there is nothing to save.', name));
  }
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const place = folder?.uri ?? vscode.Uri.file(homedir());
  const file = exportName({ title: node, createdAt: run.info.createdAt });
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Raw Output of {0}', name),
    defaultUri: vscode.Uri.joinPath(place, `${file}.txt`),
  });
  if (!target) return;
  const title = vscode.l10n.t('Saving the output of {0}', name);
  if (!(await saveWithProgress(target, run.output.stream(node), title))) return;
  const open = vscode.l10n.t('Open');
  const chosen = await tell(
    vscode.l10n.t(
      'The output of {0} is saved in {1}.',
      name,
      vscode.workspace.asRelativePath(target),
    ),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}
