import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureConsul } from '../setup/consul.ts';
import { onShutdown } from '../setup/shutdown.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { takeAddressBlock } from './addressBlock.ts';
import { FleetAgent } from './agent.ts';
import { agentConfig, type ConsulConfig, fastTimings, type NodeSpec } from './config.ts';
import { endJobs, jobMark } from './jobs.ts';
import { waitForLeader, waitUntilReady } from './readiness.ts';
import { type OlderAgent, PROFILES, startNewerConsul } from './newerConsul.ts';

export interface FleetOptions {
  /** The agents that run jobs. */
  readonly clients: readonly NodeSpec[];
  /** One server named `server-1` by default. */
  readonly servers?: readonly NodeSpec[];
  /** `dc1` by default. */
  readonly datacenter?: string;
  /** Merged into every agent's configuration. */
  readonly config?: ConsulConfig;
  /** Whether nodes accept remote exec if they don't set it; true by default. */
  readonly remoteExec?: boolean;
  /** Use Consul's default timings Instead of faster ones for tests; false by default. */
  readonly defaultTimings?: boolean;
  /** For our own requests and the CLI, if `config` enables ACLs. */
  readonly token?: string;
}

interface CliOptions {
  /** Written to the CLI's stdin; it is the script if the last argument is `-`. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The agent to connect to; the first server by default. */
  readonly via?: FleetAgent;
  readonly signal?: AbortSignal;
}

interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 if a signal ended it. */
  readonly code: number;
  /** Milliseconds from start to end. */
  readonly ms: number;
}

/** Real agents on separate loopback addresses. They are cleaned up by `stop` or when this process ends. */
export interface Fleet {
  /** The first server's HTTP address, for example `http://127.0.7.1:8500`. */
  readonly address: string;
  readonly datacenter: string;
  /** All agents, servers first. */
  readonly agents: readonly FleetAgent[];
  readonly clients: readonly FleetAgent[];
  /** How each node was started, in the order of `agents`. */
  readonly nodes: readonly NodeSpec[];
  /** Milliseconds from start to readiness. */
  readonly startMs: number;
  /** @throws Error if no agent has that name */
  agent(name: string): FleetAgent;
  /** Runs the real `consul exec` with these arguments. Any exit code resolves. */
  exec(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Restarts an agent; kills it first if it is running. Resolves when the fleet is ready. */
  restart(name: string): Promise<void>;
  /** Kills all agents and their jobs, and removes their files. Can be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts agents and waits until all are healthy and all services are in the catalog.
 * @throws PlainError without Consul or loopback addresses; Error with the end of a log if an agent fails
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const started = performance.now();
  const consul = await ensureConsul();
  const block = await takeAddressBlock();
  const folder = temporaryFolder('fleet');
  const mark = randomUUID();
  // Registered before any agent starts: when this process ends, this runs after all agents are killed.
  const forgetJobs = onShutdown(() => endJobs(mark));
  const { datacenter = 'dc1', servers = [{ name: 'server-1' }], clients, token } = options;
  const serverIps = servers.map((_, index) => block.address(index + 1));
  const timings = options.defaultTimings === true ? {} : fastTimings;

  const create = (role: 'server' | 'client', ip: string, node: NodeSpec) => {
    // Node names can contain slashes.
    const own = join(folder.path, encodeURIComponent(node.name));
    const place = { role, ip, datacenter, serverIps, dataFolder: join(own, 'data') };
    mkdirSync(own);
    return new FleetAgent({
      consul,
      name: node.name,
      role,
      ip,
      folder: own,
      config: agentConfig(place, node, options.remoteExec ?? true, timings, options.config ?? {}),
      env: { TMPDIR: folder.path, ...node.env, [jobMark]: mark },
    });
  };
  const serverAgents = servers.map((node, index) => create('server', serverIps[index] ?? '', node));
  const clientAgents = clients.map((node, index) =>
    create('client', block.address(index + 11), node),
  );
  const agents = [...serverAgents, ...clientAgents];
  const nodes = [...servers, ...clients];
  const [first] = serverAgents;
  if (!first) throw new Error('a fleet needs a server');

  const stop = async () => {
    await Promise.all(agents.map((agent) => agent.kill()));
    endJobs(mark);
    forgetJobs();
    block.release();
    folder.remove();
  };
  const ready = () => waitUntilReady({ agents, specs: nodes, token });

  try {
    await Promise.all(serverAgents.map((agent) => agent.start()));
    // A client that doesn't find a leader at first retries only 15 seconds later.
    await waitForLeader(first, token);
    await Promise.all(clientAgents.map((agent) => agent.start()));
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }

  const newer = await asNewer(first, {
    ip: serverIps[0] ?? '',
    datacenter,
    hasAcls: token !== undefined,
  });
  const agent = (name: string) => {
    const found = agents.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no agent is named ${name}`);
    return found;
  };
  return {
    address: newer?.address ?? first.httpAddress,
    datacenter,
    agents,
    clients: clientAgents,
    nodes,
    startMs: performance.now() - started,
    agent,
    exec: (args, cli = {}) => {
      const via = (cli.via ?? first).httpAddress;
      return runCli(consul, ['exec', `-http-addr=${via}`, ...args], token, cli);
    },
    async restart(name) {
      await agent(name).kill();
      await agent(name).start();
      await ready();
    },
    stop: async () => {
      newer?.close();
      await stop();
    },
  };
}

/** Lets the fleet's first server look like one of the version that the environment names. */
function asNewer(
  { httpAddress: address }: FleetAgent,
  place: Omit<OlderAgent, 'address' | 'isServer'>,
) {
  const name = process.env['CONSUL_EXEC_PROFILE'];
  if (name === undefined) return undefined;
  const profile = PROFILES[name];
  if (!profile) throw new Error(`There is no profile of Consul ${name}.`);
  return startNewerConsul({ ...place, address, isServer: true }, profile);
}

function runCli(
  consul: string,
  args: readonly string[],
  token: string | undefined,
  { env = {}, input = '', signal }: CliOptions,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(consul, args, {
      env: {
        PATH: process.env['PATH'],
        ...(token !== undefined && { CONSUL_HTTP_TOKEN: token }),
        ...env,
      },
      signal,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ stdout, stderr, code: code ?? -1, ms: performance.now() - started });
    });
    // A command that doesn't read stdin closes it before we have written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
