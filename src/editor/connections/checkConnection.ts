import * as vscode from 'vscode';
import { foreignSessionNode } from '../../consul/catalog/datacenters.ts';
import { readInventory } from '../../consul/catalog/inventory.ts';
import { describePermission } from '../../consul/errors/consulErrors.ts';
import { missingPermissions } from '../../exec/access/missingPermissions.ts';
import { canRespond } from '../../exec/targeting/matchNodes.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { readRunSettings } from '../base/settings.ts';
import type { OpenConnection } from './connectionService.ts';

/** What a test of a connection found. */
export interface ConnectionCheck {
  /** Whether the token lacks permissions that a run needs. */
  readonly lacksPermissions: boolean;
  /** One or two sentences. */
  readonly message: string;
}

/**
 * Checks an open connection without writing anything: the agent's version, the number of nodes, and the
 * permissions that the token lacks.
 * @throws ConsulError when the agent can't be read
 */
export async function checkConnection(connection: OpenConnection): Promise<ConnectionCheck> {
  const { consul, name, profile, datacenter, self } = connection;
  const { prefix } = readRunSettings(profile);
  const node = (await foreignSessionNode(consul, self)) ?? self?.nodeName ?? '';
  const missing = await missingPermissions(consul, { prefix, sessionNode: node });
  if (missing && missing.length > 0) {
    const message = vscode.l10n.t(
      '{0} responded, but your token lacks {1}.',
      name,
      missing.map(describePermission).join(', '),
    );
    return { lacksPermissions: true, message };
  }
  const nodes = nodeCountLabel((await readInventory(consul)).filter(canRespond).length);
  const version = self?.version ?? '?';
  const message = missing
    ? vscode.l10n.t({
        message: '{0} works: Consul {1}, {2} with {3}. Your token can run jobs.',
        args: [name, version, datacenter, nodes],
        comment: [
          '{0} is a connection, {1} a version, {2} a datacenter, {3} for example "12 nodes"',
        ],
      })
    : vscode.l10n.t({
        message:
          "{0} responded: Consul {1}, {2} with {3}. Can't check what your token is allowed to do.",
        args: [name, version, datacenter, nodes],
        comment: [
          '{0} is a connection, {1} a version, {2} a datacenter, {3} for example "12 nodes"',
        ],
      });
  return { lacksPermissions: false, message };
}
