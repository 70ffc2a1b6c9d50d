import { readSelf } from '../../consul/agent.ts';
import { ConsulError } from '../../consul/errors.ts';
import { readInventory } from '../../consul/inventory.ts';
import { readMembers } from '../../consul/members.ts';
import type { Examination } from './facts.ts';
import { filtersFinding } from './filtersFinding.ts';
import type { Finding } from './finding.ts';
import { gossipFinding } from './gossipFinding.ts';
import { historyFinding } from './historyFinding.ts';
import { agentTokenFinding, remoteExecFinding } from './likelyCauses.ts';
import { ownAgentFinding } from './ownAgentFinding.ts';
import { permissionsFinding } from './permissionsFinding.ts';

/**
 * Looks for the reason why nodes never answered, by reading only. Everything that can be seen from
 * outside is checked; the rest is named as a possible cause, with what to look for.
 * @throws ConsulError when the agent is out of reach; what it merely does not tell is `unknown`
 */
export async function examine(
  examination: Examination,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const { consul, silent, history } = examination;
  const self = await readSelf(consul, signal);
  const foreign = consul.datacenter !== undefined && consul.datacenter !== self?.datacenter;
  const [inventory, members, permissions] = await Promise.all([
    told(readInventory(consul, signal)),
    // Gossip is that of the agent's own datacenter, whichever is asked about.
    foreign ? undefined : told(readMembers(consul, signal)),
    permissionsFinding(examination, self, signal),
  ]);
  const facts = { self: foreign ? undefined : self, inventory, members };
  const own = ownAgentFinding(facts, silent);
  const others = silent.filter((name) => name !== facts.self?.nodeName);
  return [
    ...(own ? [own] : []),
    gossipFinding(facts, silent),
    filtersFinding(facts, silent, examination.announcements),
    permissions,
    ...(others.length > 0 ? [remoteExecFinding(others)] : []),
    agentTokenFinding(silent, examination.prefix, facts.self?.aclsEnabled),
    historyFinding(silent, history),
  ];
}

/** The answer, or undefined when there is a refusal instead; being out of reach stays an error. */
async function told<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConsulError && !error.transient) return undefined;
    throw error;
  }
}
