import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetAgent } from './agent.ts';
import type { NodeSpec } from './config.ts';

export interface Readiness {
  readonly agents: readonly FleetAgent[];
  readonly specs: readonly NodeSpec[];
  readonly token: string | undefined;
}

interface Member {
  readonly Name: string;
  readonly Status: number;
}

interface HealthCheck {
  readonly Node: string;
  readonly CheckID: string;
  readonly Status: string;
}

interface CatalogNode {
  readonly Services: Readonly<Record<string, unknown>>;
}

const alive = 1;

/**
 * Resolves once the server at `agent` follows or is a leader.
 * @param timeoutMs milliseconds
 * @throws Error that names what is missing
 */
export function waitForLeader(
  agent: FleetAgent,
  token?: string,
  timeoutMs = 30_000,
): Promise<void> {
  return poll(agent, timeoutMs, async () => {
    const leader = await get<string>(agent, '/v1/status/leader', token);
    return leader === '' ? 'no leader' : undefined;
  });
}

/**
 * Resolves once every agent knows every other as alive, all are healthy in the catalog, and all their
 * services are in it.
 * @throws Error that names the first thing missing, with the end of the log of the agent concerned
 */
export async function waitUntilReady(
  { agents, specs, token }: Readiness,
  timeoutMs = 60_000,
): Promise<void> {
  const [server] = agents;
  if (!server) throw new Error('a fleet without agents is never ready');
  const names = agents.map((agent) => agent.name);
  const unseen = async (agent: FleetAgent) => {
    const members = await get<Member[]>(agent, '/v1/agent/members', token);
    const known = members.filter((member) => member.Status === alive).map(({ Name }) => Name);
    return missing('does not see', names, new Set(known));
  };
  await poll(server, timeoutMs, () => unseen(server));
  await Promise.all(
    agents.map((agent) =>
      poll(agent, timeoutMs, async () => {
        const problem = await unseen(agent);
        // News of a member may get lost, and only every 30 seconds do agents compare all they know.
        // Joining again makes them do so now; an agent that misses some might also miss an event.
        if (problem !== undefined) await put(agent, `/v1/agent/join/${server.ip}`, token);
        return problem;
      }),
    ),
  );
  await poll(server, timeoutMs, async () => {
    const checks = await get<HealthCheck[]>(server, '/v1/health/state/passing', token);
    const healthy = new Set(checks.filter((c) => c.CheckID === 'serfHealth').map((c) => c.Node));
    return missing('does not call healthy', names, healthy);
  });
  await Promise.all(
    specs.map((spec) =>
      poll(server, timeoutMs, async () => {
        const path = `/v1/catalog/node/${encodeURIComponent(spec.name)}`;
        const node = await get<CatalogNode | null>(server, path, token);
        const ids = (spec.services ?? []).map((service) => service.id);
        return missing(`lacks, on ${spec.name},`, ids, new Set(Object.keys(node?.Services ?? {})));
      }),
    ),
  );
}

function missing(
  what: string,
  wanted: readonly string[],
  present: ReadonlySet<string>,
): string | undefined {
  const absent = wanted.filter((one) => !present.has(one));
  return absent.length > 0 ? `${what} ${absent.join(', ')}` : undefined;
}

/** Asks `problem` again and again until it has none to report. */
async function poll(
  agent: FleetAgent,
  timeoutMs: number,
  problem: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await problem().catch((error: unknown) => `does not answer (${String(error)})`);
    if (found === undefined) return;
    if (!agent.running || performance.now() > deadline) {
      const log = (await agent.log().catch(() => '')).trim().split('\n').slice(-12).join('\n');
      const state = agent.running ? `after ${timeoutMs} ms` : 'and has ended';
      throw new Error(`agent ${agent.name} ${found} ${state}; its log ends:\n${log}`);
    }
    await sleep(50);
  }
}

async function get<T>(agent: FleetAgent, path: string, token: string | undefined): Promise<T> {
  return (await (await ask('GET', agent, path, token)).json()) as T;
}

async function put(agent: FleetAgent, path: string, token: string | undefined): Promise<void> {
  await (await ask('PUT', agent, path, token)).body?.cancel();
}

async function ask(
  method: string,
  agent: FleetAgent,
  path: string,
  token: string | undefined,
): Promise<Response> {
  const response = await fetch(agent.httpAddress + path, {
    method,
    headers: token === undefined ? {} : { 'X-Consul-Token': token },
    signal: AbortSignal.timeout(3_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}
