import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { tell } from '../notify.ts';
import { plainLabel } from '../plainLabel.ts';
import { UserError } from '../userError.ts';
import type { ActiveConnection, ConnectionService } from './connectionService.ts';
import type { EditorSecrets } from './editorSecrets.ts';

/**
 * Asks for the token of the connection in use.
 * @throws UserError where the one in the secret store would never be used
 */
export async function setToken(
  { active }: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const { profile, address } = usable(active, 'CONSUL_HTTP_TOKEN_FILE, CONSUL_HTTP_TOKEN');
  if (profile.tokenSource !== 'secret') throw new UserError(whyNoToken(profile));
  await secrets.setToken(profile.name, address);
}

/**
 * Asks for the basic auth password of the connection in use.
 * @throws UserError where none would be used
 */
export async function setPassword(
  { active }: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const { profile, address } = usable(active, 'CONSUL_HTTP_AUTH');
  if (profile.basicAuthUser === undefined) {
    throw new UserError(
      vscode.l10n.t(
        'The connection “{0}” has no user to go with a password: write “basicAuthUser” in the settings first.',
        profile.name,
      ),
    );
  }
  await secrets.setPassword(profile.name, profile.basicAuthUser, address);
}

/** Lets the user choose a connection, in the settings or gone from them, and forgets its secrets. */
export async function forgetSecrets(
  connections: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const kept = await secrets.list();
  if (kept.length === 0) {
    void tell(vscode.l10n.t('No secret is kept for any connection.'));
    return;
  }
  const { profiles, mistakes } = connections.profiles;
  const written = new Set([
    ...profiles.map(({ name }) => name),
    ...mistakes.map(({ connection }) => connection),
  ]);
  const rows = kept.map(({ connection, addresses }) => ({
    connection,
    label: plainLabel(connection),
    description: [
      connection === connections.active.name ? vscode.l10n.t('in use') : '',
      written.has(connection) ? '' : vscode.l10n.t('no longer in the settings'),
      ...addresses.map(plainLabel),
    ]
      .filter(Boolean)
      .join(' · '),
  }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Forget Secrets'),
    placeHolder: vscode.l10n.t('Whose token and password are to be forgotten?'),
    matchOnDescription: true,
  });
  if (!chosen) return;
  await secrets.forget(chosen.connection);
  const name = displayName(chosen.connection);
  void tell(vscode.l10n.t('Nothing is kept for {0} any more.', name));
}

type Profile = NonNullable<ActiveConnection['profile']>;

/**
 * @param variables where the environment's connection takes its own secret from
 * @throws UserError when the connection in use keeps no secrets, or cannot be used
 */
function usable(
  { chosen, profile, address, mistakes }: ActiveConnection,
  variables: string,
): { readonly profile: Profile; readonly address: string } {
  if (profile && address !== undefined) return { profile, address };
  throw new UserError(
    chosen === undefined
      ? vscode.l10n.t(
          'The environment’s connection keeps no secrets: it takes this one from {0}.',
          variables,
        )
      : mistakes.join(' '),
  );
}

function whyNoToken({ name, tokenSource, tokenFile }: Profile): string {
  if (tokenFile !== undefined) {
    return vscode.l10n.t('The token of the connection “{0}” is read from {1}.', name, tokenFile);
  }
  switch (tokenSource) {
    case 'environment':
      return vscode.l10n.t(
        'The token of the connection “{0}” comes from CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN. To keep one here, write “tokenSource”: “secret” in the settings.',
        name,
      );
    case 'prompt':
      return vscode.l10n.t(
        'The token of the connection “{0}” is asked for each time. To keep one here, write “tokenSource”: “secret” in the settings.',
        name,
      );
    default:
      return vscode.l10n.t(
        'The connection “{0}” sends no token. To keep one here, write “tokenSource”: “secret” in the settings.',
        name,
      );
  }
}
