import * as vscode from 'vscode';
import type { App } from './app.ts';
import { commands } from './contributions.ts';
import { registerCommand } from './register.ts';

/** Ways to the log and to our settings. */
export function registerSupportCommands({ log }: App): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.showLog, log, () => log.show()),
    registerCommand(commands.openSettings, log, () =>
      vscode.commands.executeCommand(
        'workbench.action.openSettings',
        '@ext:consul-exec.consul-exec',
      ),
    ),
  );
}
