import * as vscode from 'vscode';
import { SETTINGS } from '../base/contributions.ts';

/**
 * Opens settings.json at the connections, because the settings editor has no form for a list of objects.
 * A remote window reads settings with machine scope only from the remote settings file, wherever the
 * extension runs.
 */
export async function editConnections(): Promise<void> {
  const command = vscode.env.remoteName
    ? 'workbench.action.openRemoteSettingsFile'
    : 'workbench.action.openSettingsJson';
  await vscode.commands.executeCommand(command, {
    revealSetting: { key: `${SETTINGS}.connections`, edit: true },
  });
}
