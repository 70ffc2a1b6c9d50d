import * as v from 'valibot';
import type { Consul } from '../consul.ts';

/** An agent in the gossip pool. */
export interface Member {
  readonly name: string;
  readonly status: 'alive' | 'leaving' | 'left' | 'failed' | 'unknown';
  /** Its version of Consul, such as `1.8.7`; empty if it isn't told. */
  readonly version: string;
}

const Members = v.array(
  v.object({
    Name: v.string(),
    Status: v.number(),
    // `1.8.7:0a0c3ae7`: the version and the commit.
    Tags: v.optional(v.object({ build: v.optional(v.string(), '') }), {}),
  }),
);

/** Serf's status codes. */
const STATUS: Readonly<Record<number, Member['status']>> = {
  1: 'alive',
  2: 'leaving',
  3: 'left',
  4: 'failed',
};

/**
 * Reads every agent that gossip still remembers, including those that left or failed; the catalog drops
 * agents that left. Always reads the contacted agent's datacenter. Empty without node:read.
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
    retries: true,
    signal,
  });
  const members = v.safeParse(Members, consul.parse(response) ?? []);
  if (!members.success) throw consul.notConsul(response);
  return members.output.map(({ Name, Status, Tags }) => ({
    name: Name,
    status: STATUS[Status] ?? 'unknown',
    version: Tags.build.split(':')[0] ?? '',
  }));
}
