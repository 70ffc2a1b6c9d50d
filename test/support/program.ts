import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../setup/repository.ts';

/** A program that a test runs in a separate process. */
export class Program {
  readonly child: ChildProcess;
  /** The output so far, of both streams. */
  output = '';
  readonly #ended: Promise<unknown>;

  /**
   * @param code the body of a module, in which `load('x.ts')` imports test/x.ts
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

  /** Resolves as soon as the program has printed this text. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`The program ended without printing "${text}":\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** @returns the exit code, or the signal that ended the program */
  async end(): Promise<number | string | null> {
    await this.#ended;
    return this.child.exitCode ?? this.child.signalCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
