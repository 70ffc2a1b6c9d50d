import { open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import * as v from 'valibot';
import type { RunEvent } from '../exec/runEvent.ts';
import { takeTurns } from '../exec/turns.ts';

/**
 * A run's journal: a first line naming the format, then frames, each of
 *
 *     4 bytes  length of the head, big endian
 *     4 bytes  length of the body, big endian
 *     head     a run event as JSON, UTF-8; without `bytes`
 *     body     the `bytes` of an `output` event; empty for all others
 *
 * It is only ever appended to. What a crash cut off at its end is passed over in reading.
 */
export const JOURNAL_MAGIC = Buffer.from('consul-exec journal 1\n');

const FRAME_PREFIX = 8;
/** No head is as long as this (10,000 targets with long names are 2.5 MB), nor any body. */
const MOST = { head: 64 * 1024 * 1024, body: 64 * 1024 * 1024 };
const READ_BLOCK = 1024 * 1024;

type OutputEvent = Extract<RunEvent, { kind: 'output' }>;
/** An event as it stands in a frame's head. */
export type EventHead = Exclude<RunEvent, OutputEvent> | Omit<OutputEvent, 'bytes'>;

/** A file that is no journal, or of a version that this one does not know. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** An event read back. */
export interface Frame {
  readonly event: RunEvent;
  /** Where its bytes are in the file, for output. */
  readonly position: number;
  /** Where the next frame begins. */
  readonly end: number;
}

/** All of a frame but its body. */
export function encodeHead(head: EventHead, bodyLength: number): Buffer {
  const json = JSON.stringify(head);
  const length = Buffer.byteLength(json);
  const buffer = Buffer.allocUnsafe(FRAME_PREFIX + length);
  buffer.writeUInt32BE(length, 0);
  buffer.writeUInt32BE(bodyLength, 4);
  buffer.write(json, FRAME_PREFIX);
  return buffer;
}

const at = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const node = v.string();
const end = v.picklist(['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable']);

/** Version 1 of what a head may hold. Files written with it are read for ever: never change it. */
const Head = v.variant('kind', [
  v.strictObject({
    kind: v.literal('started'),
    at,
    session: v.string(),
    prefix: v.string(),
    heartbeatMs: v.number(),
    targets: v.array(v.string()),
  }),
  v.strictObject({
    kind: v.literal('announced'),
    at,
    filters: v.strictObject({
      node: v.optional(v.string()),
      service: v.optional(v.string()),
      tag: v.optional(v.string()),
    }),
    number: count,
    of: count,
  }),
  v.strictObject({ kind: v.literal('acknowledged'), at, node }),
  v.strictObject({ kind: v.literal('output'), at, node }),
  v.strictObject({ kind: v.literal('heartbeat'), at, node }),
  v.strictObject({ kind: v.literal('exited'), at, node, code: v.pipe(v.number(), v.integer()) }),
  v.strictObject({ kind: v.literal('lost'), at, node }),
  v.strictObject({ kind: v.literal('warning'), at, text: v.string() }),
  v.strictObject({
    kind: v.literal('partFinished'),
    at,
    datacenter: v.string(),
    end,
    reason: v.optional(v.string()),
  }),
  v.strictObject({ kind: v.literal('finished'), at, end, reason: v.optional(v.string()) }),
]);

/**
 * Reads a journal from its beginning to its last whole frame. A file that is not there has none.
 * @throws JournalError for what is no journal of this version; file system errors
 */
export async function* readJournal(path: string): AsyncGenerator<Frame, void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!handle) return;
  try {
    let buffer = Buffer.alloc(0);
    let start = 0;
    const have = async (length: number): Promise<boolean> => {
      while (buffer.length < length) {
        const block = Buffer.allocUnsafe(Math.max(READ_BLOCK, length - buffer.length));
        const { bytesRead } = await handle.read(block, 0, block.length, start + buffer.length);
        if (bytesRead === 0) return false;
        buffer = Buffer.concat([buffer, block.subarray(0, bytesRead)]);
      }
      return true;
    };
    const advance = (length: number) => {
      buffer = buffer.subarray(length);
      start += length;
    };
    /** Whether a whole frame begins at a place in the buffer. */
    const followsFrame = async (at: number): Promise<boolean> => {
      if (!(await have(at + FRAME_PREFIX))) return false;
      const [head, body] = [buffer.readUInt32BE(at), buffer.readUInt32BE(at + 4)];
      if (head === 0 || head > MOST.head || body > MOST.body) return false;
      const headAt = at + FRAME_PREFIX;
      if (!(await have(headAt + head + body))) return false;
      return parseJson(buffer.toString('utf8', headAt, headAt + head)) !== undefined;
    };
    if (!(await have(JOURNAL_MAGIC.length))) return;
    if (!buffer.subarray(0, JOURNAL_MAGIC.length).equals(JOURNAL_MAGIC)) throw notAJournal();
    advance(JOURNAL_MAGIC.length);
    const turn = takeTurns();
    while (await have(FRAME_PREFIX)) {
      await turn();
      const head = buffer.readUInt32BE(0);
      const body = buffer.readUInt32BE(4);
      // A disk that lost power may leave zeros where the end of a file was to be.
      if (head === 0) return;
      if (head > MOST.head || body > MOST.body) throw notAJournal();
      const length = FRAME_PREFIX + head + body;
      if (!(await have(length))) return;
      const bodyAt = FRAME_PREFIX + head;
      const json = parseJson(buffer.toString('utf8', FRAME_PREFIX, bodyAt));
      if (json === undefined) {
        // The last thing written may be garbage after a loss of power; in the middle it is damage.
        if (!(await followsFrame(length))) return;
        throw notAJournal();
      }
      const event = decodeHead(json);
      // A copy: a view would keep the whole block in memory.
      const bytes = Buffer.from(buffer.subarray(bodyAt, length));
      yield {
        event: event.kind === 'output' ? { ...event, bytes } : event,
        position: start + bodyAt,
        end: start + length,
      };
      advance(length);
    }
  } finally {
    await handle.close();
  }
}

/** @returns undefined for what is no JSON */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function decodeHead(value: unknown): EventHead {
  const head = v.safeParse(Head, value);
  if (!head.success) throw notAJournal();
  return head.output;
}

function notAJournal(): JournalError {
  return new JournalError(
    t('The record of this run cannot be read: it is damaged, or of a newer version.'),
  );
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
