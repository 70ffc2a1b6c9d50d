import { basename } from 'node:path';
import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { sizeOf } from '../../base/files.ts';
import type { RunInfo } from '../../runs/run.ts';
import { fullTimeLabel } from '../../runs/text/time.ts';
import { NothingToDo } from '../base/userError.ts';
import { openDocument, scriptUri } from '../output/documentUri.ts';

/**
 * Opens the diff editor on the script of a run and on the file that it came from, as it is now.
 * @throws NothingToDo if it came from no file, or the file is gone
 */
export async function compareScriptWithFile(info: RunInfo): Promise<void> {
  const { file } = info;
  if (file === undefined) {
    throw new NothingToDo(
      vscode.l10n.t(
        'This run has no file to compare with. Only runs of a whole saved file have one.',
      ),
    );
  }
  const name = displayName(basename(file));
  if ((await sizeOf(file)) === undefined) {
    throw new NothingToDo(
      vscode.l10n.t('{0} no longer exists. Use "Open Script" to see what ran.', displayName(file)),
    );
  }
  const script = scriptUri({ info });
  await openDocument(script);
  const title = vscode.l10n.t({
    message: '{0}: ran {1} ⟷ file',
    args: [name, fullTimeLabel(info.createdAt)],
    comment: ['Title of a diff editor: a script as it ran at a time, and its file as it is now'],
  });
  const options = { preview: true };
  await vscode.commands.executeCommand(
    'vscode.diff',
    script,
    vscode.Uri.file(file),
    title,
    options,
  );
}
