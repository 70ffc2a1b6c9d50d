import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { showInfo } from '../base/notify.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { UserError } from '../base/userError.ts';
import type { ActiveConnection, ConnectionService } from './connectionService.ts';
import type { EditorSecrets } from './editorSecrets.ts';

/**
 * Asks for the token of the active connection and stores it.
 * @throws UserError when the connection doesn't use a stored token
 */
export async function setToken(
  { active }: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const { profile, address } = requireProfile(active, 'CONSUL_HTTP_TOKEN_FILE, CONSUL_HTTP_TOKEN');
  if (profile.tokenSource !== 'secret') throw new UserError(noStoredTokenMessage(profile));
  await secrets.setToken(profile.name, address);
}

/**
 * Asks for the basic auth password of the active connection and stores it.
 * @throws UserError when the connection doesn't use a password
 */
export async function setPassword(
  { active }: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const { profile, address } = requireProfile(active, 'CONSUL_HTTP_AUTH');
  if (profile.basicAuthUser === undefined) {
    throw new UserError(
      vscode.l10n.t(
        'The connection "{0}" has no user for a password. Set "basicAuthUser" on the connection first.',
        profile.name,
      ),
    );
  }
  await secrets.setPassword(profile.name, profile.basicAuthUser, address);
}

/** Lets the user select a connection with stored secrets, even one that was deleted, and removes them. */
export async function removeSecrets(
  connections: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const stored = await secrets.list();
  if (stored.length === 0) {
    void showInfo(vscode.l10n.t('No connection has a stored secret.'));
    return;
  }
  const { profiles, mistakes } = connections.profiles;
  const inSettings = new Set([
    ...profiles.map(({ name }) => name),
    ...mistakes.map(({ connection }) => connection),
  ]);
  const rows = stored.map(({ connection, addresses }) => ({
    connection,
    label: plainLabel(connection),
    description: [
      connection === connections.active.name
        ? vscode.l10n.t({
            message: 'active',
            args: [],
            comment: ['The active connection in a list'],
          })
        : '',
      inSettings.has(connection) ? '' : vscode.l10n.t('no longer in the settings'),
      ...addresses.map(plainLabel),
    ]
      .filter(Boolean)
      .join(' · '),
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Remove Stored Secrets'),
    placeHolder: vscode.l10n.t('Remove the stored token and password of which connection?'),
    matchOnDescription: true,
  });
  if (!chosen) return;
  await secrets.remove(chosen.connection);
  const name = displayName(chosen.connection);
  void showInfo(vscode.l10n.t('Removed the stored secrets for {0}.', name));
}

type Profile = NonNullable<ActiveConnection['profile']>;

/**
 * @param variables that hold the secret of the connection from the environment
 * @throws UserError when the active connection is from the environment or can't be used
 */
function requireProfile(
  { selected, profile, address, errors }: ActiveConnection,
  variables: string,
): { readonly profile: Profile; readonly address: string } {
  if (profile && address !== undefined) return { profile, address };
  throw new UserError(
    selected === undefined
      ? vscode.l10n.t(
          'The connection from the environment has no stored secrets. Its secret comes from {0}.',
          variables,
        )
      : errors.join(' '),
  );
}

function noStoredTokenMessage({ name, tokenSource, tokenFile }: Profile): string {
  if (tokenFile !== undefined) {
    return vscode.l10n.t('The token of the connection "{0}" is read from {1}.', name, tokenFile);
  }
  switch (tokenSource) {
    case 'environment':
      return vscode.l10n.t(
        'The token of the connection "{0}" comes from CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN. To store one here, set "tokenSource": "secret" on the connection.',
        name,
      );
    case 'prompt':
      return vscode.l10n.t(
        'You are asked for the token of the connection "{0}" each time. To store one here, set "tokenSource": "secret" on the connection.',
        name,
      );
    default:
      return vscode.l10n.t(
        'The connection "{0}" sends no token. To store one here, set "tokenSource": "secret" on the connection.',
        name,
      );
  }
}
