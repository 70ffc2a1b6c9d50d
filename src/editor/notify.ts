import * as vscode from 'vscode';
import { plainMessage } from './plainLabel.ts';

/**
 * Notifications, each with buttons that answer with their text. The editor makes links of what looks
 * like one, even links that run commands, and there is hardly a message without words from outside (an
 * agent's version, a node, a file): so all of them go through here, and lint holds to that.
 */
export function tell(text: string, ...actions: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plainMessage(text), ...actions);
}

export function tellWarning(
  text: string,
  ...actions: readonly string[]
): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainMessage(text), ...actions);
}

export function tellError(
  text: string,
  ...actions: readonly string[]
): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plainMessage(text), ...actions);
}

/**
 * A dialog that has to be answered; dismissing it is a no.
 * @param action the verb on the button
 * @returns whether it was pressed
 */
export async function ask(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  const chosen = await vscode.window.showWarningMessage(plainMessage(question), options, action);
  return chosen === action;
}
