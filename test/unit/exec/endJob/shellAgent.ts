import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { type Job, jobText, scriptBytes } from '../../../../src/exec/protocol/job.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../setup/temporaryFolder.ts';

/** Starts what it is told as an agent does: its own children, one pipe for the output of each. */
const AGENT = `
while read -r number kind; do
  if [ $kind = pipe ]; then
    mkfifo out.$number
    ( . ./launch.$number ) >out.$number 2>&1 </dev/null &
    eval "exec $number<out.$number"
  else
    ( . ./launch.$number ) >out.$number 2>&1 </dev/null &
  fi
  echo $! >pid.$number.new
  mv pid.$number.new pid.$number
done
`;

export interface ShellAgentOptions {
  /** The agent's shell for its jobs. */
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Two agents on one machine can share the folder for temporary files. */
  readonly tmp?: string;
}

/** A stand-in for an agent that only starts processes; the tests in test/consul have real ones. */
export class ShellAgent {
  readonly folder: TemporaryFolder;
  readonly tmp: string;
  readonly #process: ChildProcess;
  readonly #shell: string;
  readonly #mark = randomUUID();
  #started = 2;

  constructor({ shell = '/bin/sh', env = {}, tmp }: ShellAgentOptions = {}) {
    this.folder = temporaryFolder('shell-agent');
    this.tmp = tmp ?? this.folder.path;
    this.#shell = shell;
    this.#process = spawn('/bin/sh', ['-c', AGENT], {
      cwd: this.folder.path,
      detached: true,
      env: { PATH: process.env['PATH'], TMPDIR: this.tmp, SHELL: shell, AGENT: this.#mark, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /**
   * Starts a job. Its processes have its name in their environment, as far as they inherit it.
   * @returns the id of its first process
   */
  async start(job: Job, name: string = randomUUID()): Promise<number> {
    return this.#launch(this.#argumentsOf(job), { JOB: name }, 'pipe');
  }

  /** Runs a job to its end. @returns its output */
  async run(job: Job, shell = '/bin/sh'): Promise<string> {
    if (job.kind !== 'arguments') throw new Error('not needed');
    const args = job.args[0] === '/bin/sh' ? [...shell.split(' '), ...job.args.slice(1)] : job.args;
    const pid = await this.#launch(args, {}, 'file');
    while (isAlive(pid)) await sleep(20);
    return readFileSync(join(this.folder.path, `out.${this.#started}`), 'latin1');
  }

  async #launch(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    kind: 'pipe' | 'file',
  ): Promise<number> {
    const number = ++this.#started;
    const path = (name: string) => join(this.folder.path, `${name}.${number}`);
    const exports = Object.entries(env).map(
      ([key, value]) => `${key}=${quote(value)}; export ${key}\n`,
    );
    writeFileSync(path('launch'), `${exports.join('')}exec ${args.map(quote).join(' ')}\n`);
    this.#process.stdin?.write(`${number} ${kind}\n`);
    while (!existsSync(path('pid'))) await sleep(10);
    return Number(readFileSync(path('pid'), 'utf8'));
  }

  #argumentsOf(job: Job): readonly string[] {
    if (job.kind === 'arguments') return job.args;
    if (job.kind === 'command') return [this.#shell, '-c', jobText(job)];
    const file = join(this.tmp, `rexec${Math.floor(Math.random() * 1e9)}`);
    writeFileSync(file, scriptBytes(job), { mode: 0o750 });
    return [this.#shell, '-c', file];
  }

  /** Ends the agent and everything that it started. */
  stop(): void {
    this.#process.kill('SIGKILL');
    for (let round = 0; round < 20; round++) {
      const left = processesWith('AGENT', this.#mark);
      if (left.length === 0) break;
      for (const pid of left) kill(pid);
      execFileSync('sleep', ['0.05']);
    }
    this.folder.remove();
  }
}

/** Ids of the living processes that have this variable with this value in their environment. */
export function processesWith(variable: string, value: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
        return environment.includes(`${variable}=${value}`) && isAlive(pid);
      } catch {
        return false;
      }
    });
}

/** A zombie is not alive. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
