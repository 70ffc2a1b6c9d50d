import { readdirSync, readFileSync } from 'node:fs';

/** This variable is in the environment of every agent of one fleet, and so of every job that it runs. */
export const jobMark = 'CONSUL_EXEC_FLEET';

/**
 * Kills the jobs that agents left running, and waits until they have ended. A job has its own process group,
 * so it doesn't end with its agent. Synchronous, so that it can run while a process exits. Only Linux shows
 * the environment of a process; elsewhere this finds nothing.
 */
export function endJobs(mark: string): void {
  for (;;) {
    const jobs = marked(mark);
    if (jobs.length === 0) return;
    for (const pid of jobs) send(pid, 'SIGKILL');
    const deadline = performance.now() + 2_000;
    while (jobs.some((pid) => send(pid, 0)) && performance.now() < deadline) wait(10);
  }
}

function marked(mark: string): number[] {
  return entries('/proc')
    .filter((entry) => /^\d+$/.test(entry) && environment(entry).includes(`${jobMark}=${mark}`))
    .map(Number);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // It has ended, or belongs to another user.
    return [];
  }
}

/** @returns whether the process exists */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function wait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
