import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import { checkConnection } from './checkConnection.ts';
import type { ConnectionService } from './connectionService.ts';

/**
 * Tests the active connection and shows what was found.
 * @throws ConnectionError, UserError, ConsulError when the connection can't be used
 */
export async function testConnection(connections: ConnectionService): Promise<void> {
  const { lacksPermissions, message } = await checkConnection(await connections.open());
  if (!lacksPermissions) {
    void showInfo(message);
    return;
  }
  const show = vscode.l10n.t('Show Required Policy');
  const chosen = await showWarning(message, show);
  if (chosen === show) await vscode.commands.executeCommand(commands.showPolicy);
}
