import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import { endOnNodes } from '../../src/exec/endJob/endOnNodes.ts';
import { END_NAME } from '../../src/exec/endJob/endScript.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import { type RunRequest, runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { type CountedFleet, startCountedFleet } from './countedFleet.ts';

const NODES = 14;
/** The promise: nothing of the job is left this long after End. */
const LEFT_AFTER_MS = 5000;
/** How many of the schedules stop the run before they end its job. */
const STOPPED_SHARE = 0.4;
const OPTIONS = { prefix: '_rexec', replicationWaitMs: 0 };

/** What a job does, by the mark that its processes have in their environment. */
const WORK: Readonly<Record<string, (mark: string) => Job>> = {
  command: (mark) => command(`${mark}; sleep 300`),
  script: (mark) => script(`${mark}\nsleep 300\n:`),
  trap: (mark) => script(`${mark}\ntrap '' TERM\nwhile :; do sleep 1; done`),
  handler: (mark) => script(`${mark}\ntrap 'sleep 300 & exit 3' TERM\nwhile :; do sleep 0.2; done`),
  doubleFork: (mark) => script(`${mark}\n( (sleep 300 &) )\nsleep 300\n:`),
  setsid: (mark) => script(`${mark}\nsetsid sleep 300 &\nsetsid sh -c 'sleep 300 & wait' &\nwait`),
  holdsOutput: (mark) => script(`${mark}\nsleep 300 &`),
  replaced: (mark) => script(`${mark}\nexec sleep 300`),
  storm: (mark) =>
    script(`${mark}\nfor i in 1 2 3 4 5 6 7 8; do (sleep 300 &); done\nsleep 300\n:`),
  /** Leaves the job with its output closed: it can be named, but not found. */
  daemon: (mark) => script(`${mark}\n(sleep 20 >/dev/null 2>&1 &)\nsleep 300\n:`),
};

const command = (text: string): Job => ({ kind: 'command', text });
const script = (text: string): Job => ({ kind: 'script', text: `#!/bin/sh\n${text}\n` });

export interface EndFigures extends Record<string, number> {
  schedules: number;
  jobs: number;
  /** Jobs whose run was stopped before. */
  stopped: number;
  ended: number;
  left: number;
  bystanders: number;
  bystandersGone: number;
  ambiguous: number;
  otherOutcomes: number;
  daemons: number;
  daemonsNamed: number;
  slowestMs: number;
}

/**
 * Ends random jobs on some of 14 agents at random times. Beside them are other runs: of the same text on
 * other agents, of other texts on the same agents, and processes that this program has started.
 * @param kinds of work; all by default
 */
export async function end(count: number, kinds = Object.keys(WORK)): Promise<EndFigures> {
  const counted = await startCountedFleet(NODES);
  const consul = counted.connect();
  const figures: EndFigures = {
    schedules: 0,
    jobs: 0,
    stopped: 0,
    ended: 0,
    left: 0,
    bystanders: 0,
    bystandersGone: 0,
    ambiguous: 0,
    otherOutcomes: 0,
    daemons: 0,
    daemonsNamed: 0,
    slowestMs: 0,
  };
  try {
    for (; figures.schedules < count; figures.schedules++) {
      const kind = kinds[figures.schedules % kinds.length] ?? 'script';
      await schedule(counted, consul, kind, figures);
    }
  } finally {
    await consul.close();
    await counted.stop();
  }
  return figures;
}

async function schedule(
  counted: CountedFleet,
  consul: Consul,
  kind: string,
  figures: EndFigures,
): Promise<void> {
  const job = WORK[kind]?.('export END_TEST=ours');
  if (!job) throw new Error(`unknown work: ${kind}`);
  const shuffled = counted.names.toSorted(() => Math.random() - 0.5);
  const targets = shuffled.slice(0, 1 + Math.floor(Math.random() * 10));
  const stop = new AbortController();
  const bystander = spawn('sleep', ['300'], { stdio: 'ignore' });
  // The same text on other agents, and another text on the same ones.
  const same = follow(consul, shuffled.slice(10), job, stop.signal);
  const other = follow(consul, targets, script('export END_TEST=other\nsleep 300\n:'), stop.signal);
  await Promise.all([same.begun, other.begun]);
  await sleep(Math.random() * 1500);
  const stopRun = new AbortController();
  const run = follow(consul, targets, job, AbortSignal.any([stop.signal, stopRun.signal]));
  await run.begun;
  await sleep(500 + Math.random() * 1500);
  if (Math.random() < STOPPED_SHARE) {
    // Agents delete the file of a script some seconds after its run was stopped.
    stopRun.abort();
    figures.stopped += targets.length;
    await sleep(Math.random() * 10_000);
  }
  const before = jobProcesses(counted);
  const began = new Map(
    targets.flatMap((node) => {
      const times = run.ledger.attempts.beganBetween(node);
      return times ? [[node, times] as const] : [];
    }),
  );
  const startedAt = performance.now();
  const request = { runId: randomUUID(), job, nodes: began, options: OPTIONS };
  const endings = await Array.fromAsync(endOnNodes(consul, request));
  const tookMs = Math.round(performance.now() - startedAt);
  await sleep(Math.max(0, LEFT_AFTER_MS - tookMs));
  const after = jobProcesses(counted);
  const isOurs = ({ node, isOther }: JobProcess) => began.has(node) && !isOther;
  const alive = new Set(after.map(({ key }) => key));
  figures.slowestMs = Math.max(figures.slowestMs, tookMs);
  figures.jobs += began.size;
  for (const { report } of endings) {
    if (report?.outcome === 'ended') figures.ended++;
    else if (report?.outcome === 'ambiguous') figures.ambiguous++;
    else figures.otherOutcomes++;
    if (report?.loose !== undefined) figures.daemonsNamed++;
  }
  // Also what was begun while it was ended.
  figures.left += after.filter((process) => isOurs(process) && !process.isDaemon).length;
  figures.daemons += before.filter((process) => isOurs(process) && process.isDaemon).length;
  const spared = before.filter((process) => !isOurs(process) && !process.isShort);
  figures.bystanders += spared.length + 1;
  figures.bystandersGone += spared.filter(({ key }) => !alive.has(key)).length;
  if (bystander.exitCode !== null || bystander.signalCode !== null) figures.bystandersGone++;
  bystander.kill('SIGKILL');
  stop.abort();
  await Promise.allSettled([same.over, other.over, run.over]);
  for (const { pid } of jobProcesses(counted)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended just now.
    }
  }
}

/** Collects a run; `begun` resolves when all its targets have acknowledged it, or after a while. */
function follow(consul: Consul, targets: readonly string[], job: Job, signal: AbortSignal) {
  const ledger = new Ledger();
  const begun = Promise.withResolvers<undefined>();
  const acknowledged = new Set<string>();
  const request: RunRequest = {
    job,
    announcements: [{ node: `^(?:${targets.join('|')})$` }],
    targets,
    options: { ...OPTIONS, quietMs: 3000 },
  };
  const collect = async () => {
    for await (const event of runJob(consul, request, signal)) {
      ledger.apply(event);
      if (event.kind === 'acknowledged') acknowledged.add(event.node);
      if (acknowledged.size === targets.length || event.kind === 'finished') {
        begun.resolve(undefined);
      }
    }
  };
  const over = collect().finally(() => begun.resolve(undefined));
  return { ledger, begun: begun.promise, over };
}

/** A process of a job on one of our agents. */
interface JobProcess {
  readonly pid: number;
  /** The id and the time of its start. */
  readonly key: string;
  readonly node: string;
  /** Of the runs that are not to be ended, although they are on the same nodes. */
  readonly isOther: boolean;
  /** It has left its job and closed the output. */
  readonly isDaemon: boolean;
  /** It ends by itself within a second. */
  readonly isShort: boolean;
}

/** The truth about all jobs, by what their processes inherit: agents give each node a variable. */
function jobProcesses({ fleet, names }: CountedFleet): JobProcess[] {
  const agents = new Set(fleet.agents.map(({ pid }) => pid));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !agents.has(Number(name)))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
        const counter = environment.find((text) => text.startsWith('COUNT_FILE='));
        const node = counter?.split('/').at(-1) ?? '';
        if (!names.includes(node) || /[ZX]/.test(fields[0] ?? '')) return [];
        const args = readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0');
        if (args.includes(END_NAME)) return [];
        const found = {
          pid: Number(name),
          key: `${name} ${fields[19]}`,
          node,
          isOther: textOf(environment, args).includes('END_TEST=other'),
          isDaemon: args[1] === '20',
          isShort: args[1] === '1' || args[1] === '0.2',
        };
        return [found];
      } catch {
        return []; // it ended just now
      }
    });
}

/** Shells have the variable only in their script. */
function textOf(environment: readonly string[], args: readonly string[]): string {
  const file = args.find((arg) => /\/rexec\d+$/.test(arg));
  return [...environment, ...args, file ? readFileSync(file, 'latin1') : ''].join('\n');
}
