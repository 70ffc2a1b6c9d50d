import { readdirSync, readFileSync } from 'node:fs';

/** In the environment of every agent of one fleet, hence of every job that it runs. */
export const jobMark = 'CONSUL_EXEC_FLEET';

/**
 * Kills what agents left running, since a job has a process group of its own and does not end with its
 * agent, and waits until it is gone. Synchronous, so that it can be done while a process exits.
 * Only Linux tells a process's environment; elsewhere nothing is found.
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
    // It has ended, or is somebody else's.
    return [];
  }
}

/** @returns whether there was such a process */
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
