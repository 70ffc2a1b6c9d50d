import * as vscode from 'vscode';
import { plainLabel, plainMessage } from './plainLabel.ts';

/**
 * Notifications; each resolves with the text of the button that the user presses. VS Code turns text
 * that looks like a link into one, even into a link that runs a command, and nearly every message
 * contains text from outside (an agent's version, a node name, a file name). So every notification
 * must use this module; a lint rule checks that.
 */
export function showInfo(
  text: string,
  ...actions: readonly string[]
): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plainMessage(text), ...actions);
}

export function showWarning(
  text: string,
  ...actions: readonly string[]
): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainMessage(text), ...actions);
}

export function showError(
  text: string,
  ...actions: readonly string[]
): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plainMessage(text), ...actions);
}

const SHOW_STATUS_MS = 4000;

/** Says in the status bar that something small is done. */
export function showStatus(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${plainLabel(text)}`, SHOW_STATUS_MS);
}

/**
 * Asks a question in a modal dialog.
 * @param action the verb on the button
 * @returns whether the button was pressed; false when the dialog was dismissed
 */
export async function ask(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  const pressed = await vscode.window.showWarningMessage(plainMessage(question), options, action);
  return pressed === action;
}
