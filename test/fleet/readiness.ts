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
  await Promise.all(
    agents.map((agent) =>
      poll(agent, timeoutMs, async () => {
        const members = await get<Member[]>(agent, '/v1/agent/members', token);
        const known = new Set(members.filter((m) => m.Status === alive).map((m) => m.Name));
        return missing(
          'does not see',
          agents.map((one) => one.name),
          known,
        );
      }),
    ),
  );
  await poll(server, timeoutMs, async () => {
    const checks = await get<HealthCheck[]>(server, '/v1/health/state/passing', token);
    const healthy = new Set(checks.filter((c) => c.CheckID === 'serfHealth').map((c) => c.Node));
    return missing(
      'does not call healthy',
      agents.map((one) => one.name),
      healthy,
    );
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
  const response = await fetch(agent.httpAddress + path, {
    headers: token === undefined ? {} : { 'X-Consul-Token': token },
    signal: AbortSignal.timeout(3_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
