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
 * Runs a program without a shell and without stdin. It ends when this process ends, with all its children.
 * @returns its output on stdout
 * @throws PlainError with the end of its output if it can't start or doesn't exit with 0
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      // A process group of its own, so that we can end all of its children.
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
 * Runs a program that must not be interrupted because it changes the system: it keeps running even if this
 * process ends first.
 * @throws PlainError as `runCommand` does
 */
export async function runUninterrupted(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = temporaryFolder('log');
  const file = join(folder.path, 'log');
  // A file: a pipe would break when this process ends, and break the program too.
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
  return new PlainError(`Couldn't start ${program}: ${error.message}`);
}

function failed(
  command: readonly string[],
  code: number | null,
  signal: NodeJS.Signals | null,
  output: string,
): PlainError {
  const end = output.trim().split('\n').slice(-15).join('\n');
  return new PlainError(
    `${command.join(' ')} failed (${signal ?? `exit code ${String(code)}`}):\n${end}`,
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
