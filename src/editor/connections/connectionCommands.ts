import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { ConnectionService } from './connectionService.ts';
import { editConnections } from './editConnections.ts';
import type { EditorSecrets } from './editorSecrets.ts';
import { removeSecrets, setPassword, setToken } from './secretCommands.ts';
import { switchConnection } from './switchConnection.ts';
import { testConnection } from './testConnection.ts';

/** Registers the commands for connections and their secrets. */
export function registerConnectionCommands(
  connections: ConnectionService,
  secrets: EditorSecrets,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.switchConnection, log, () => switchConnection(connections)),
    registerCommand(commands.editConnections, log, editConnections),
    registerCommand(commands.testConnection, log, () => testConnection(connections)),
    registerCommand(commands.setToken, log, () => setToken(connections, secrets)),
    registerCommand(commands.setPassword, log, () => setPassword(connections, secrets)),
    registerCommand(commands.forgetSecrets, log, () => removeSecrets(connections, secrets)),
  );
}
