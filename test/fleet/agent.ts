import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OwnedProcess } from '../setup/ownedProcess.ts';
import type { ConsulConfig } from './config.ts';

export interface AgentOptions {
  readonly consul: string;
  readonly name: string;
  readonly role: 'server' | 'client';
  readonly ip: string;
  /** The agent's own folder; created if it doesn't exist. */
  readonly folder: string;
  readonly config: ConsulConfig;
  readonly env: Readonly<Record<string, string>>;
}

/** One real Consul agent. */
export class FleetAgent {
  readonly name: string;
  readonly role: 'server' | 'client';
  readonly ip: string;
  /** `http://ip:8500` */
  readonly httpAddress: string;
  /** The folder in which the agent runs its jobs; each agent has its own, as on separate machines. */
  readonly workFolder: string;
  readonly #options: AgentOptions;
  #process: OwnedProcess | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.name = options.name;
    this.role = options.role;
    this.ip = options.ip;
    this.httpAddress = `http://${options.ip}:8500`;
    this.workFolder = join(options.folder, 'work');
  }

  /** The agent's process id; 0 before its start. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** Starts the process. Resolves before the agent joins the cluster. */
  async start(): Promise<void> {
    if (this.running) throw new Error(`${this.name} is already running`);
    const { consul, folder, config, env } = this.#options;
    const configFile = join(folder, 'config.json');
    await mkdir(this.workFolder, { recursive: true });
    await writeFile(configFile, JSON.stringify(config, undefined, 2));
    this.#process = await OwnedProcess.start(consul, ['agent', '-config-file', configFile], {
      cwd: this.workFolder,
      env: {
        // Only what every daemon has: the developer's CONSUL_* variables must not leak in.
        PATH: process.env['PATH'],
        HOME: this.workFolder,
        LANG: 'C.UTF-8',
        ...env,
      },
      logFile: this.#logFile,
    });
  }

  /** Leaves the cluster gracefully and ends. */
  async stop(): Promise<void> {
    await this.#process?.end('SIGINT');
  }

  /** Ends at once, as when the machine loses power. */
  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
  }

  /** Suspends the process and the jobs in its group: it doesn't respond or send heartbeats. */
  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /** The agent's log since its first start. */
  log(): Promise<string> {
    return readFile(this.#logFile, 'utf8');
  }

  get #logFile(): string {
    return join(this.#options.folder, 'agent.log');
  }
}
