import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError } from './plainError.ts';
import { onShutdown } from './shutdown.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end without a shell and without stdin. It ends with us, and so does what it started.
 * @returns what it wrote to stdout
 * @throws PlainError with the end of its output when it cannot start or does not exit with 0
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      // A group of its own, so that we end all of it, also what would not hear of our end.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forget = onShutdown(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('exit', forget);
    child.on('error', (error) => {
      forget();
      reject(notStarted(program, error));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(failed([program, ...args], code, signal, `${stdout}\n${stderr}`));
    });
  });
}

/**
 * Runs a program that must not be interrupted, such as one that changes the system: when we end first, it
 * goes on to its end.
 * @throws PlainError as `runCommand` does
 */
export async function runUninterrupted(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = temporaryFolder('log');
  const file = join(folder.path, 'log');
  // A file, since a pipe would break with us, and that would break the program.
  const log = openSync(file, 'w');
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
      child.on('error', (error) => reject(notStarted(program, error)));
      child.on('exit', (code, signal) => {
        if (code === 0) resolve();
        else reject(failed([program, ...args], code, signal, readFileSync(file, 'utf8')));
      });
    });
  } finally {
    closeSync(log);
    folder.remove();
  }
}

function notStarted(program: string, error: Error): PlainError {
  return new PlainError(`${program} could not be started: ${error.message}`);
}

function failed(
  line: readonly string[],
  code: number | null,
  signal: NodeJS.Signals | null,
  said: string,
): PlainError {
  const end = said.trim().split('\n').slice(-15).join('\n');
  return new PlainError(
    `${line.join(' ')} failed (${signal ?? `exit code ${String(code)}`}):\n${end}`,
  );
}

/**
 * @returns the full path of a program on PATH, or undefined
 */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
