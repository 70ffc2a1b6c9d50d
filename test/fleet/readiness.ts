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
  readonly Node: { readonly Meta: Readonly<Record<string, string>> | null };
  readonly Services: Readonly<Record<string, unknown>>;
}

const alive = 1;

/**
 * Resolves once the server at `agent` is a leader or follows one.
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
 * A server that adds a node to the catalog can overwrite the metadata that its agent has just registered.
 * The agent repairs that at its next full synchronization, one to two minutes later.
 */
const SYNCHRONIZED_MS = 150_000;

/**
 * Resolves once every agent sees every other as alive, all are healthy in the catalog, and the catalog has
 * all their services and metadata.
 * @throws Error that names the first thing missing, with the end of the log of the agent concerned
 */
export async function waitUntilReady(
  { agents, specs, token }: Readiness,
  timeoutMs = SYNCHRONIZED_MS,
): Promise<void> {
  const [server] = agents;
  if (!server) throw new Error('a fleet needs an agent');
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
        // Gossip about a member can get lost, and agents compare all members only every 30 seconds.
        // Joining again makes them compare now; an agent that misses members might also miss an event.
        if (problem !== undefined) await put(agent, `/v1/agent/join/${server.ip}`, token);
        return problem;
      }),
    ),
  );
  await poll(server, timeoutMs, async () => {
    const checks = await get<HealthCheck[]>(server, '/v1/health/state/passing', token);
    const healthy = new Set(checks.filter((c) => c.CheckID === 'serfHealth').map((c) => c.Node));
    return missing('does not list as healthy', names, healthy);
  });
  await Promise.all(
    specs.map((spec) =>
      poll(server, timeoutMs, async () => {
        const path = `/v1/catalog/node/${encodeURIComponent(spec.name)}`;
        const node = await get<CatalogNode | null>(server, path, token);
        const ids = (spec.services ?? []).map((service) => service.id);
        const what = `lacks, on ${spec.name},`;
        // An agent writes its metadata to the catalog on its own, often after its services.
        const keys = Object.keys(spec.config?.['node_meta'] ?? {});
        return (
          missing(what, ids, new Set(Object.keys(node?.Services ?? {}))) ??
          missing(what, keys, new Set(Object.keys(node?.Node.Meta ?? {})))
        );
      }),
    ),
  );
}

function missing(
  what: string,
  wanted: readonly string[],
  present: ReadonlySet<string>,
): string | undefined {
  const absent = wanted.filter((name) => !present.has(name));
  return absent.length > 0 ? `${what} ${absent.join(', ')}` : undefined;
}

/** Calls `problem` repeatedly until it reports none. */
async function poll(
  agent: FleetAgent,
  timeoutMs: number,
  problem: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await problem().catch((error: unknown) => `does not respond (${String(error)})`);
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
