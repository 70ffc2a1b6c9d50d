import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../setup/repository.ts';

/** A program of a test's own, in a process of its own. */
export class Program {
  readonly child: ChildProcess;
  /** Both streams so far. */
  output = '';
  readonly #ended: Promise<unknown>;

  /**
   * @param code a module's body; `load('x.ts')` imports that file of test/
   */
  static run(code: string, env: NodeJS.ProcessEnv = {}): Program {
    const folder = pathToFileURL(join(repository, 'test')).href;
    const body = `const load = (file) => import('${folder}/' + file);\n${code}`;
    return new Program(process.execPath, ['--input-type=module', '-e', body], env);
  }

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(program, args, { env: { ...process.env, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.#ended = once(this.child, 'close');
  }

  /** Resolves once it has written this. */
  async said(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`It ended without saying “${text}”:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** @returns its exit code, or the signal that ended it */
  async end(): Promise<number | string | null> {
    await this.#ended;
    return this.child.exitCode ?? this.child.signalCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
