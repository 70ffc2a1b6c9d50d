import * as vscode from 'vscode';
import { describePermission } from '../../consul/errors.ts';
import { findSessionNode } from '../../consul/datacenters.ts';
import { missingPermissions } from '../../exec/missingPermissions.ts';
import { readInventory } from '../../consul/inventory.ts';
import { canAnswer } from '../../exec/targets.ts';
import { commands } from '../contributions.ts';
import { nodeCount } from '../nodeCount.ts';
import { tell, tellWarning } from '../notify.ts';
import { readRunSettings } from '../settings.ts';
import type { ConnectionService } from './connectionService.ts';

/**
 * Tries the connection in use without writing anything: who answers, how many nodes, what the token
 * lacks.
 * @throws what makes it unusable
 */
export async function testConnection(connections: ConnectionService): Promise<void> {
  const { consul, name, profile, datacenter, self } = await connections.open();
  const { prefix } = readRunSettings(profile);
  const node = (await findSessionNode(consul, self?.datacenter)) ?? self?.nodeName ?? '';
  const missing = await missingPermissions(consul, { prefix, sessionNode: node });
  if (missing && missing.length > 0) {
    const show = vscode.l10n.t('Show the Policy It Needs');
    const chosen = await tellWarning(
      vscode.l10n.t(
        '{0} answers, but your token lacks {1}.',
        name,
        missing.map(describePermission).join(', '),
      ),
      show,
    );
    if (chosen === show) await vscode.commands.executeCommand(commands.showPolicy);
    return;
  }
  const nodes = nodeCount((await readInventory(consul)).filter(canAnswer).length);
  void tell(
    missing
      ? vscode.l10n.t(
          '{0} works: Consul {1}, {2} with {3}. Your token may run jobs.',
          name,
          self?.version ?? '?',
          datacenter,
          nodes,
        )
      : vscode.l10n.t(
          '{0} answers: Consul {1}, {2} with {3}. What your token may do cannot be told from here.',
          name,
          self?.version ?? '?',
          datacenter,
          nodes,
        ),
  );
}
