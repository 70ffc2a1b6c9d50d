import * as vscode from 'vscode';
import type { ConnectionService } from '../connections/connectionService.ts';
import { ask } from '../notify.ts';
import { UserError } from '../userError.ts';

/**
 * A run is made again where it was made: another cluster may have nodes of the same names. Where
 * another connection is in use by now, the user has to switch back.
 * @param name of the run's connection
 * @returns whether it is in use
 * @throws UserError when it is there no more
 */
export async function returnToConnection(
  connections: ConnectionService,
  name: string,
): Promise<boolean> {
  const inUse = connections.active.name;
  if (inUse === name) return true;
  const profile = connections.profiles.profiles.find((one) => one.name === name);
  if (!profile && connections.environmentName !== name) {
    throw new UserError(
      vscode.l10n.t(
        'This run was made through “{0}”, which is no longer among the connections. Run it on other nodes instead.',
        name,
      ),
    );
  }
  const goesBack = await ask(
    vscode.l10n.t('This run was made through “{0}”, but “{1}” is in use.', name, inUse),
    vscode.l10n.t(
      'It is made again only where it was: nodes of the same names elsewhere are other machines.',
    ),
    vscode.l10n.t('Switch to {0}', name),
  );
  if (!goesBack) return false;
  await connections.use(profile?.name);
  return true;
}
