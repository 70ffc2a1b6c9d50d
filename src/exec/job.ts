import { t } from '@vscode/l10n';
import { shorten } from './shorten.ts';

/**
 * What runs on every node. A script goes into a temporary file there and is run by the agent's
 * `$SHELL`; a command is handed to that shell with `-c`; an argument vector is run as it stands,
 * without any shell (PROTOCOL.md §2.2).
 */
export type Job =
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'arguments'; readonly args: readonly string[] };

/** A job that cannot be sent. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
}

/** The job does not fit into one KV value. */
export class JobTooLargeError extends JobError {
  override readonly name = 'JobTooLargeError';
  constructor(bytes: number, limit: number) {
    super(
      t(
        'The text to run is too long: {0} bytes, and this cluster takes at most {1}. Put the bulk into a file that the nodes fetch.',
        bytes,
        limit,
      ),
    );
  }
}

/** Consul's own limit for a KV value unless its configuration says otherwise (PROTOCOL.md §3.1). */
const DEFAULT_KV_LIMIT = 512 * 1024;

const NANOSECONDS_PER_MILLISECOND = 1e6;

/**
 * The job as agents read it. `Wait` must be an integer of nanoseconds and at least a second: agents
 * silently ignore a job with a fraction, and flood the KV store with heartbeats for 0.
 * @param heartbeatMs how often a silent node writes a sign of life
 * @throws JobError when there is nothing to run
 */
export function encodeJob(job: Job, heartbeatMs: number): Buffer {
  const Wait = Math.max(1000, Math.round(heartbeatMs)) * NANOSECONDS_PER_MILLISECOND;
  switch (job.kind) {
    case 'script':
      requireText(job.text);
      return encode({ Script: Buffer.from(toLf(job.text)).toString('base64'), Wait });
    case 'command':
      requireText(job.text);
      return encode({ Command: toLf(job.text), Wait });
    case 'arguments':
      if (!job.args[0]?.trim()) {
        throw new JobError(
          t('There is nothing to run: the first argument, the program, is empty.'),
        );
      }
      return encode({ Args: job.args, Wait });
  }
}

/**
 * @param limit bytes one KV value may have
 * @throws JobTooLargeError saying how long the script may be
 */
export function requireFits(job: Job, encoded: Uint8Array, limit = DEFAULT_KV_LIMIT): void {
  if (encoded.length <= limit) return;
  const own = Buffer.byteLength(jobText(job));
  // A script travels as base64, four bytes for three; else each byte that goes saves one at least.
  const base64 = Math.ceil(own / 3) * 4;
  const most =
    job.kind === 'script'
      ? Math.floor((limit - (encoded.length - base64)) / 4) * 3
      : own - (encoded.length - limit);
  throw new JobTooLargeError(own, Math.max(0, most));
}

/** The job as a person would write it, for display. */
export function jobText(job: Job): string {
  return job.kind === 'arguments' ? job.args.map(quoteArgument).join(' ') : toLf(job.text);
}

/** Titles stand in lists, prompts and names of files. */
const LONGEST_TITLE = 120;

/** The first line that does something, cut short where it is long, to name the job by. */
export function jobTitle(job: Job): string {
  const lines = jobText(job).split('\n');
  const telling = lines.find((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return shorten((telling ?? lines[0] ?? '').trim(), LONGEST_TITLE);
}

function requireText(text: string): void {
  if (text.trim() === '') throw new JobError(t('There is nothing to run: the text is empty.'));
}

/** A `#!/bin/sh\r` line names no shell, and shells take `\r` for part of a word (PROTOCOL.md §2.2). */
function toLf(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function encode(wire: object): Buffer {
  return Buffer.from(JSON.stringify(wire));
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
