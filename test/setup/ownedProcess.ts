import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { findOnPath } from './command.ts';
import { onShutdown } from './shutdown.ts';

export interface OwnedProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file that gets what the process writes, both streams, appended. */
  readonly logFile: string;
}

/**
 * A child that never outlives us: it is killed when this process ends, together with the process group
 * it leads. Where Linux offers it, the kernel does so even when we are killed ourselves.
 */
export class OwnedProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #running = true;

  /** @throws Error when the program cannot be started */
  static async start(
    program: string,
    args: readonly string[],
    options: OwnedProcessOptions,
  ): Promise<OwnedProcess> {
    const log = openSync(options.logFile, 'a');
    const warden = process.platform === 'linux' ? findOnPath('setpriv') : undefined;
    const line = warden ? [warden, '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
    const child = spawn(line[0] ?? program, line.slice(1), {
      cwd: options.cwd,
      env: options.env,
      // A group of its own: Ctrl-C in the terminal is for us to pass on, in our order.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await once(child, 'spawn');
    return new OwnedProcess(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    const forget = onShutdown(() => this.signal('SIGKILL'));
    this.#ended = once(child, 'exit').then(() => {
      this.#running = false;
      forget();
    });
    // What is left to do must keep us running, not the child.
    child.unref();
  }

  get running(): boolean {
    return this.#running;
  }

  /** Sends a signal to the process and its group; nothing happens when it has ended already. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#running) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It ended just now.
    }
  }

  /**
   * Asks with `signal`, and kills after `graceMs` milliseconds. Resolves when the process is gone.
   */
  async end(signal: NodeJS.Signals = 'SIGKILL', graceMs = 10_000): Promise<void> {
    this.#child.ref();
    // A stopped process handles no other signal before it goes on.
    this.signal(signal);
    this.signal('SIGCONT');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
