import { t } from '@vscode/l10n';
import { readSelf } from '../../consul/agent.ts';
import { readInventory } from '../../consul/catalog/inventory.ts';
import { readMembers } from '../../consul/catalog/members.ts';
import type { Consul } from '../../consul/consul.ts';
import { isForeign, unlessRefused } from './examine.ts';
import type { Finding } from './finding.ts';
import { gossipFinding } from './gossipFinding.ts';
import { limitsFinding } from './limitsFinding.ts';

/**
 * Looks for the reason why nodes began a job and then lost contact. It only reads.
 * @param consul in the datacenter of the nodes
 * @param lost names of the nodes, at least one, as their own agents know them
 * @throws ConsulError when the agent is unreachable; a refused request makes its check `unknown`
 */
export async function examineLost(
  consul: Consul,
  lost: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const self = await readSelf(consul, signal);
  const elsewhere = isForeign(consul, self);
  const [inventory, members] = await Promise.all([
    unlessRefused(readInventory(consul, signal)),
    elsewhere ? undefined : unlessRefused(readMembers(consul, signal)),
  ]);
  const limits = limitsFinding(elsewhere ? undefined : self);
  return [
    gossipFinding({ inventory, members }, lost, 'output'),
    uploadFinding(),
    ...(limits ? [limits] : []),
  ];
}

/** A single refused write makes an agent give up on the rest of a job's output and on its exit code. */
function uploadFinding(): Finding {
  return {
    check: 'upload',
    verdict: 'unknown',
    summary: t('Consul may have refused an upload, for example during an election.'),
    evidence: t(
      'This can\'t be checked remotely. Look for "failed to write output for remote exec job" or "failed to write exit code for remote exec job" in the agent\'s log.',
    ),
    advice: t('Run the job guarded. The results of lost nodes can then be recovered.'),
  };
}
