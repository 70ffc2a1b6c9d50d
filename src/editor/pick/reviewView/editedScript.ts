import * as vscode from 'vscode';
import { UserError } from '../../base/userError.ts';
import type { OpenReview } from './openReview.ts';

const CLOSE_WITHOUT_SAVING = 'workbench.action.revertAndCloseActiveEditor';

/**
 * Opens the script of a review for the user to change. It runs only after another review of what became
 * of it. Closing its editor discards the changes.
 * @throws UserError if it is not text
 */
export async function editScript(review: OpenReview): Promise<void> {
  const { script } = review.session;
  if (script?.bytes !== undefined || !script) {
    throw new UserError(vscode.l10n.t("This script can't be edited here."));
  }
  const document = await vscode.workspace.openTextDocument({
    content: script.text,
    language: 'shellscript',
  });
  const closing = vscode.workspace.onDidCloseTextDocument((closed) => {
    if (closed !== document) return;
    closing.dispose();
    if (review.editedScript === document) review.editedScript = undefined;
  });
  review.editedScript = document;
  await vscode.window.showTextDocument(document);
}

/** @param isKept whether to review the changed script; otherwise the review continues as it was */
export async function endEditing(review: OpenReview, isKept: boolean): Promise<void> {
  const document = review.editedScript;
  if (!document) return;
  const text = document.getText();
  if (isKept && text.trim() === '') {
    throw new UserError(vscode.l10n.t('The script is empty. Enter what to run.'));
  }
  await closeWithoutSaving(document);
  if (isKept && text !== review.session.script?.text) review.changeScript(text);
  else review.editedScript = undefined;
}

async function closeWithoutSaving(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand(CLOSE_WITHOUT_SAVING);
}
