import * as vscode from 'vscode';
import type { Job } from '../../exec/job.ts';
import { UserError } from '../reportError.ts';

/**
 * The selected text of the editor in front, all cursors' selections in order; with none, its whole
 * text.
 * @throws UserError when there is nothing to run
 */
export function jobFromEditor(): Job {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new UserError(
      vscode.l10n.t(
        'No editor is open. Open a script, or run a command with “Run Command on Nodes…”.',
      ),
    );
  }
  const selected = editor.selections
    .filter(({ isEmpty }) => !isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start))
    .map((selection) => editor.document.getText(selection));
  if (selected.length > 0)
    return script(selected.join('\n'), vscode.l10n.t('The selection is empty.'));
  return script(
    editor.document.getText(),
    vscode.l10n.t('Nothing is selected and the file is empty, so there is nothing to run.'),
  );
}

/**
 * The text of a file, as the editor has it if it is open there.
 * @throws UserError when it is empty or no text
 */
export async function jobFromFile(uri: vscode.Uri): Promise<Job> {
  const name = vscode.workspace.asRelativePath(uri);
  let text: string;
  try {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    throw new UserError(vscode.l10n.t('{0} cannot be read as text.', name));
  }
  return script(text, vscode.l10n.t('{0} is empty, so there is nothing to run.', name));
}

function script(text: string, whenEmpty: string): Job {
  if (text.trim() === '') throw new UserError(whenEmpty);
  return { kind: 'script', text };
}
