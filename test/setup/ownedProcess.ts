import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { findOnPath } from './command.ts';
import { onShutdown } from './shutdown.ts';

export interface OwnedProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Both output streams of the process are appended to this file. */
  readonly logFile: string;
}

/**
 * A child that never outlives this process: it is killed when this process ends, together with the process
 * group it leads. On Linux, the kernel does this even if this process is killed.
 */
export class OwnedProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #running = true;

  /** @throws Error when the program can't be started */
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
      // A process group of its own: this process passes on Ctrl-C, in its own order.
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
    // The child must not keep this process running.
    child.unref();
  }

  get running(): boolean {
    return this.#running;
  }

  /** Sends a signal to the process and its group. Does nothing if the process has ended. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#running) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It ended just now.
    }
  }

  /**
   * Sends `signal`, and kills the process after `graceMs` milliseconds. Resolves when it has ended.
   */
  async end(signal: NodeJS.Signals = 'SIGKILL', graceMs = 10_000): Promise<void> {
    this.#child.ref();
    // A stopped process handles other signals only after it continues.
    this.signal(signal);
    this.signal('SIGCONT');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
