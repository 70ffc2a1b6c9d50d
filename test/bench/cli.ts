import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ensureConsul } from '../setup/consul.ts';
import { clock } from './clock.ts';

export interface CliFigures {
  /** On the shared clock, in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly code: number | null;
  readonly peakRss: number;
  readonly lines: number;
}

const SAMPLE_MS = 10;

/**
 * Runs the real `consul exec` and counts what it prints.
 * @param onLine called with each line of its stdout
 */
export async function runCli(
  address: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<CliFigures> {
  const consul = await ensureConsul();
  const from = clock();
  const child = spawn(consul, ['exec', `-http-addr=${address}`, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let peakRss = 0;
  const sample = () => (peakRss = Math.max(peakRss, highWaterMark(child.pid)));
  const timer = setInterval(sample, SAMPLE_MS);
  let lines = 0;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines += parts.length;
    parts.forEach(onLine);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const to = clock();
      clearInterval(timer);
      resolve({ from, to, code, peakRss, lines });
    });
  });
}

/** The peak memory of a process so far, in bytes; only on Linux. */
function highWaterMark(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
