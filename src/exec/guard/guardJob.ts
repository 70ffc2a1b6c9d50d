import { type Job, jobText, scriptBytes } from '../protocol/job.ts';
import { wrapperText } from './nodeScripts.ts';

/** What a guarded run adds to its job. */
export interface GuardOptions {
  /** The id of the run. */
  readonly runId: string;
  /** After this time the job is ended on the node; undefined for no limit. */
  readonly timeLimitSeconds?: number | undefined;
  /** Whether output and exit code stay on the node for a while, so that they can be recovered. */
  readonly keepsOutput: boolean;
}

/**
 * The job that runs another one guarded: a shell script, followed by the bytes of the job as they are.
 * It runs the job as an agent would (PROTOCOL.md §2.2, PROTOCOL.md §9).
 */
export function guardJob(job: Job, options: GuardOptions): Job {
  const inner = job.kind === 'arguments' ? argumentsScript(job.args) : job;
  const text = jobText(inner);
  const bytes = inner.kind === 'script' ? scriptBytes(inner) : Buffer.from(text);
  const wrapper = wrapperText({ ...options, kind: inner.kind, jobBytes: bytes.length });
  if (inner.kind !== 'script' || inner.bytes === undefined) {
    return { kind: 'script', text: wrapper + text };
  }
  const whole = Buffer.concat([Buffer.from(wrapper), bytes]);
  return { kind: 'script', text: wrapper + text, bytes: whole.toString('base64') };
}

/** Runs a program as an agent does: found on the PATH, and 255 if it can't be started. */
function argumentsScript(args: readonly string[]): Extract<Job, { kind: 'script' }> {
  const quoted = args.map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`);
  const text = `#!/bin/sh
command -v ${quoted[0] ?? ''} >/dev/null || exit 255
exec ${quoted.join(' ')}
`;
  return { kind: 'script', text };
}

/** How a run is guarded. Absent where it is not. */
export interface Guard {
  readonly timeLimitSeconds?: number | undefined;
}

/** The job that is sent for a run. */
export function sentJob(job: Job, runId: string, guard: Guard | undefined): Job {
  return guard ? guardJob(job, { ...guard, runId, keepsOutput: true }) : job;
}
