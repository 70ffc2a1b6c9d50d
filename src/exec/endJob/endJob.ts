import { type Job, jobText, scriptBytes } from '../protocol/job.ts';
import { digestOf } from './checksum.ts';
import { END_NAME, END_SCRIPT } from './endScript.ts';

/** Between which times a node began a job. Milliseconds since the epoch, by our clock. */
export interface BeginTimes {
  readonly earliest: number;
  readonly latest: number;
}

/** What to end. */
export interface EndTarget {
  /** The id of the run. */
  readonly runId: string;
  readonly job: Job;
  readonly began: BeginTimes;
}

export interface EndJobOptions {
  /** Is in every report, so that nothing else that a node writes looks like one. */
  readonly nonce: string;
  readonly now: number;
  /** The longest time from now until a node can begin to end the job. */
  readonly delayMs: number;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly graceSeconds?: number;
  /** Whether to end all jobs that can be the one, where they can't be told apart. */
  readonly all?: boolean;
  /** Where the node has its processes. */
  readonly procFolder?: string;
}

export const GRACE_SECONDS = 3;

/** From the acknowledgment until the job begins, and for rounding. */
const SLACK_MS = 1500;
/** How much two clocks can drift apart: a second in three hours. */
const DRIFT = 1e-4;

/**
 * The job that ends another job. It has no shell of the agent's choice, and no file: it works where
 * `$SHELL` is `/bin/false` and `/tmp` is full. Its parent is the agent itself.
 *
 * Ages tell two runs of the same job apart. They are measured from the time at which this job begins, so
 * the clocks of the nodes don't matter.
 */
export function endJob({ runId, job, began }: EndTarget, options: EndJobOptions): Job {
  const { nonce, now, delayMs, graceSeconds = GRACE_SECONDS, all = false } = options;
  const { procFolder = '/proc' } = options;
  const slack = SLACK_MS + DRIFT * Math.max(0, now - began.earliest);
  const youngest = Math.max(0, now - began.latest - slack);
  const oldest = Math.max(0, now - began.earliest) + slack + delayMs;
  return {
    kind: 'arguments',
    args: [
      '/bin/sh',
      '-c',
      END_SCRIPT,
      END_NAME,
      nonce,
      runId,
      job.kind,
      textToCompare(job),
      job.kind === 'command' ? '' : digestOf(bytesToCompare(job)),
      hundredths(youngest),
      hundredths(oldest),
      String(graceSeconds),
      all ? '1' : '0',
      procFolder,
    ],
  };
}

function hundredths(milliseconds: number): string {
  return String(Math.round(milliseconds / 10));
}

/** A script can be longer than an argument, and the agent has it in a file. */
function textToCompare(job: Job): string {
  switch (job.kind) {
    case 'script':
      return '';
    case 'command':
      return jobText(job);
    case 'arguments':
      return job.args.join(' ');
  }
}

/** The agent's file with a script, or what /proc/PID/cmdline has for arguments. */
function bytesToCompare(job: Exclude<Job, { kind: 'command' }>): Uint8Array {
  return job.kind === 'script'
    ? scriptBytes(job)
    : Buffer.from(job.args.map((arg) => `${arg}\0`).join(''));
}
