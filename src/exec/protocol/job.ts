import { t } from '@vscode/l10n';
import { shorten } from '../../base/shorten.ts';
import { MAX_HEARTBEAT_PERIOD_MS } from './heartbeat.ts';

/**
 * What runs on every node. The agent writes a script to a temporary file and runs it with its
 * `$SHELL`; it passes a command to that shell with `-c`; it executes an argument vector directly,
 * without a shell (PROTOCOL.md §2.2).
 */
export type Job =
  | {
      readonly kind: 'script';
      readonly text: string;
      /** What is sent instead of the UTF-8 of the text, in base64. Then the text is for display. */
      readonly bytes?: string | undefined;
    }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'arguments'; readonly args: readonly string[] };

/** A job that cannot be sent. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
}

/** The job is too large for one KV value. */
export class JobTooLargeError extends JobError {
  override readonly name = 'JobTooLargeError';
  constructor(bytes: number, limit: number) {
    super(
      t(
        'The script is too long: {0} bytes, but this cluster accepts {1}. Have the nodes download the large part instead.',
        bytes,
        limit,
      ),
    );
  }
}

/** Consul's default limit for a KV value (PROTOCOL.md §3.1). */
const DEFAULT_KV_LIMIT = 512 * 1024;

const NANOSECONDS_PER_MILLISECOND = 1e6;

/**
 * The job as agents read it. `Wait` must be an integer of nanoseconds and at least a second: agents
 * ignore a job with a fraction, and flood the KV store with heartbeats for 0.
 * @param heartbeatMs how often a node writes a sign of life while its job is quiet
 * @throws JobError when there is nothing to run
 */
export function encodeJob(job: Job, heartbeatMs: number): Buffer {
  const Wait = Math.max(1000, Math.round(heartbeatMs)) * NANOSECONDS_PER_MILLISECOND;
  switch (job.kind) {
    case 'script':
      requireText(job.text);
      return encode({ Script: scriptBytes(job).toString('base64'), Wait });
    case 'command':
      requireText(job.text);
      return encode({ Command: toLf(job.text), Wait });
    case 'arguments':
      if (!job.args[0]?.trim()) {
        throw new JobError(
          t('Nothing to run: the first argument, which names the program, is empty.'),
        );
      }
      return encode({ Args: job.args, Wait });
  }
}

/**
 * @param limit maximum bytes of one KV value
 * @throws JobTooLargeError that says how long the script can be
 */
export function requireFits(job: Job, encoded: Uint8Array, limit = DEFAULT_KV_LIMIT): void {
  if (encoded.length <= limit) return;
  const textBytes =
    job.kind === 'script' ? scriptBytes(job).length : Buffer.byteLength(jobText(job));
  // A script is sent as base64, four bytes for three; otherwise each removed byte saves at least one.
  const base64 = Math.ceil(textBytes / 3) * 4;
  const maxBytes =
    job.kind === 'script'
      ? Math.floor((limit - (encoded.length - base64)) / 4) * 3
      : textBytes - (encoded.length - limit);
  throw new JobTooLargeError(textBytes, Math.max(0, maxBytes));
}

/**
 * Checks a job before its heartbeat period is known. Takes the longest, which needs the most bytes.
 * @param limit maximum bytes of one KV value
 * @throws JobError, JobTooLargeError
 */
export function requireFitsInKv(job: Job, limit?: number): void {
  requireFits(job, encodeJob(job, MAX_HEARTBEAT_PERIOD_MS), limit);
}

/** The content of the file that every node runs. */
export function scriptBytes({ text, bytes }: Extract<Job, { kind: 'script' }>): Buffer {
  return bytes === undefined ? Buffer.from(toLf(text)) : Buffer.from(bytes, 'base64');
}

/** The job as a person would type it, for display. */
export function jobText(job: Job): string {
  return job.kind === 'arguments' ? job.args.map(quoteArgument).join(' ') : toLf(job.text);
}

/** Titles appear in lists, prompts and file names. */
const MAX_TITLE_LENGTH = 120;

/**
 * Lines that say how a script runs, not what it does: options of the shell, variables, imports. Careful
 * scripts all begin with them.
 */
const PREAMBLE =
  /^(?:set\s+[-+]|shopt\s|trap\s|umask\s|ulimit\s|(?:export|readonly|local|declare|typeset)\s|[A-Za-z_]\w*=\S*$|(?:from\s+\S+\s+)?import\s|use\s+\w|require\s|'use strict'|"use strict"|IFS=|source\s|\.\s|exec\s+[0-9&]*[<>]|cd\s+.*(?:dirname|BASH_SOURCE)|(?:const|var|let)\s.*\brequire\(|<\?php$|[{(]$)/;

/** The first line that does something, shortened when long. It names the job. */
export function jobTitle(job: Job): string {
  const lines = jobText(job)
    .split('\n')
    .map((line) => line.trim());
  const code = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const title = code.find((line) => !PREAMBLE.test(line)) ?? code[0] ?? lines[0] ?? '';
  return shorten(title, MAX_TITLE_LENGTH);
}

function requireText(text: string): void {
  if (text.trim() === '') throw new JobError(t('Nothing to run: the text is empty.'));
}

/** A `#!/bin/sh\r` line names no shell, and shells read `\r` as part of a word (PROTOCOL.md §2.2). */
function toLf(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

function encode(wire: object): Buffer {
  return Buffer.from(JSON.stringify(wire));
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
