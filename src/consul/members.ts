import * as v from 'valibot';
import type { Consul } from './consul.ts';

/** An agent as gossip knows it. */
export interface Member {
  readonly name: string;
  readonly status: 'alive' | 'leaving' | 'left' | 'failed' | 'unknown';
}

const Members = v.array(v.object({ Name: v.string(), Status: v.number() }));

/** Serf's numbers. */
const STATUS: Readonly<Record<number, Member['status']>> = {
  1: 'alive',
  2: 'leaving',
  3: 'left',
  4: 'failed',
};

/**
 * Every agent that gossip has not forgotten, those included that left or failed: the catalog drops
 * who left. Always of the datacenter of the agent spoken to. Empty without node:read.
 * @throws ConsulError
 */
export async function readMembers(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly Member[]> {
  const response = await consul.call({
    method: 'GET',
    path: '/v1/agent/members',
    timeoutMs: 60_000,
    signal,
  });
  const members = v.safeParse(Members, consul.parse(response) ?? []);
  if (!members.success) throw consul.notConsul(response);
  return members.output.map(({ Name, Status }) => ({
    name: Name,
    status: STATUS[Status] ?? 'unknown',
  }));
}
