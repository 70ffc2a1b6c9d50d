import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';

/** Commands that open the log and our settings. */
export function registerSupportCommands(log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.showLog, log, () => log.show()),
    registerCommand(commands.openSettings, log, openSettings),
  );
}

/**
 * A remote window shows settings with machine scope, which are most of ours, only on its Remote tab. VS Code
 * shows one tab at a time, and `confirmAbove`, with application scope, only on the User tab. With machine scope
 * a `devcontainer.json` could raise it.
 */
async function openSettings(): Promise<void> {
  const command = vscode.env.remoteName
    ? 'workbench.action.openRemoteSettings'
    : 'workbench.action.openSettings';
  await vscode.commands.executeCommand(command, { query: '@ext:consul-exec.consul-exec' });
}
