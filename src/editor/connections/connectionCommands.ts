import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { tell } from '../notify.ts';
import { registerCommand } from '../register.ts';
import { UserError } from '../userError.ts';
import { addConnection, editConnections } from './addConnection.ts';
import type { EditorSecrets } from './editorSecrets.ts';
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
    registerCommand(commands.setToken, log, () =>
      secrets.setToken(profileName(connections.active)),
    ),
    registerCommand(commands.forgetSecrets, log, async () => {
      const name = profileName(connections.active);
      await secrets.forget(name);
      void tell(vscode.l10n.t('Nothing is kept for {0} any more.', name));
    }),
  );
}

function profileName({ profile }: App['connections']['active']): string {
  if (profile) return profile.name;
  throw new UserError(
    vscode.l10n.t(
      'The environment’s connection keeps no secrets: its token comes from CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN.',
    ),
  );
}
