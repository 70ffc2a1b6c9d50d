import { type AgentSelf, readSelf } from '../../consul/agent.ts';
import type { Consul } from '../../consul/consul.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { readInventory } from '../../consul/catalog/inventory.ts';
import { readMembers } from '../../consul/catalog/members.ts';
import type { Examination } from './facts.ts';
import { filtersFinding } from './filtersFinding.ts';
import type { Finding } from './finding.ts';
import { gossipFinding } from './gossipFinding.ts';
import { historyFinding } from './historyFinding.ts';
import { limitsFinding } from './limitsFinding.ts';
import { agentTokenFinding, remoteExecFinding } from './likelyCauses.ts';
import { ownAgentFinding } from './ownAgentFinding.ts';
import { permissionsFinding } from './permissionsFinding.ts';

/**
 * Looks for the reason why nodes didn't respond. It only reads. Everything that is visible from
 * outside a node is checked; the rest is listed as a possible cause, with what to look for.
 * @throws ConsulError when the agent is unreachable; a refused request makes its check `unknown`
 */
export async function examine(
  examination: Examination,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const { consul, unresponsive, history } = examination;
  const self = await readSelf(consul, signal);
  const elsewhere = isForeign(consul, self);
  const [inventory, members, permissions] = await Promise.all([
    unlessRefused(readInventory(consul, signal)),
    // The agent lists the members of its own datacenter, even if another one is queried.
    elsewhere ? undefined : unlessRefused(readMembers(consul, signal)),
    permissionsFinding(examination, self, signal),
  ]);
  const facts = { self: elsewhere ? undefined : self, inventory, members };
  const ownAgent = ownAgentFinding(facts, unresponsive);
  const others = unresponsive.filter((name) => name !== facts.self?.nodeName);
  const limits = limitsFinding(facts.self);
  return [
    ...(ownAgent ? [ownAgent] : []),
    gossipFinding(facts, unresponsive),
    filtersFinding(facts, unresponsive, examination.announcements),
    permissions,
    ...(others.length > 0 ? [remoteExecFinding(others)] : []),
    agentTokenFinding(unresponsive, examination.prefix, facts.self?.aclsEnabled),
    ...(limits ? [limits] : []),
    historyFinding(unresponsive, history),
  ];
}

/** Whether requests go to another datacenter than the contacted agent's. */
export function isForeign({ datacenter }: Consul, self: AgentSelf | undefined): boolean {
  return datacenter !== undefined && datacenter !== self?.datacenter;
}

/** The result of a request, or undefined when Consul refuses it. Transient errors are rethrown. */
export async function unlessRefused<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ConsulError && !error.transient) return undefined;
    throw error;
  }
}
