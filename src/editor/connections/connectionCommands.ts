import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { addConnection, editConnections } from './addConnection.ts';
import type { EditorSecrets } from './editorSecrets.ts';
import { forgetSecrets, setPassword, setToken } from './secretCommands.ts';
import { showPolicy } from './showPolicy.ts';
import { switchConnection } from './switchConnection.ts';
import { testConnection } from './testConnection.ts';

/** What can be done with connections. */
export function registerConnectionCommands(
  { log, connections }: App,
  secrets: EditorSecrets,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.switchConnection, log, () => switchConnection(connections)),
    registerCommand(commands.addConnection, log, () => addConnection(connections, secrets)),
    registerCommand(commands.editConnections, log, editConnections),
    registerCommand(commands.testConnection, log, () => testConnection(connections)),
    registerCommand(commands.showPolicy, log, () => showPolicy(connections)),
    registerCommand(commands.setToken, log, () => setToken(connections, secrets)),
    registerCommand(commands.setPassword, log, () => setPassword(connections, secrets)),
    registerCommand(commands.forgetSecrets, log, () => forgetSecrets(connections, secrets)),
  );
}
