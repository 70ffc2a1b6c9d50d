import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** In the environment of every agent of one fleet, hence of every job that it runs. */
export const jobMark = 'CONSUL_EXEC_FLEET';

/**
 * Kills what agents left running, since a job does not end with its agent, and waits until it is gone.
 * Only Linux tells a process's environment; elsewhere nothing is found.
 */
export async function endJobs(mark: string): Promise<void> {
  for (;;) {
    const jobs = await marked(mark);
    if (jobs.length === 0) return;
    for (const pid of jobs) send(pid, 'SIGKILL');
    const deadline = performance.now() + 2_000;
    while (jobs.some((pid) => send(pid, 0)) && performance.now() < deadline) await sleep(10);
  }
}

async function marked(mark: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        return environment.split('\0').includes(`${jobMark}=${mark}`) ? [Number(pid)] : [];
      }),
  );
  return pids.flat();
}

/** @returns whether there was such a process */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
