import { type FileHandle, open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import * as v from 'valibot';
import type { DatacenterSession, RunEvent } from '../../exec/events/runEvent.ts';
import { createYielder } from '../../base/yielder.ts';
import { isMissing } from '../../base/files.ts';
import { parseJson } from '../../base/parseJson.ts';

/**
 * A run's journal: a first line that names the format, then frames, each of
 *
 *     4 bytes  length of the head, big endian
 *     4 bytes  length of the body, big endian
 *     head     a run event as JSON, UTF-8; without `bytes`
 *     body     the `bytes` of an `output` event; empty for all others
 *
 * It is only ever appended to. An incomplete frame at its end, left by a crash, is ignored.
 */
export const JOURNAL_MAGIC = Buffer.from('consul-exec journal 2\n');
/** Version 1 has the same frames and fewer events. */
const MAGIC_V1 = Buffer.from('consul-exec journal 1\n');

const FRAME_PREFIX_BYTES = 8;
/** Larger than any head (10,000 targets with long names are 2.5 MB) and any body. */
const MAX_FRAME_BYTES = { head: 64 * 1024 * 1024, body: 64 * 1024 * 1024 };
const READ_BLOCK_BYTES = 1024 * 1024;

type OutputEvent = Extract<RunEvent, { kind: 'output' }>;
/** An event as a frame's head holds it. */
export type EventHead = Exclude<RunEvent, OutputEvent> | Omit<OutputEvent, 'bytes'>;

/** A file that is not a journal, or has a version that this one does not know. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** An event read from a journal. */
export interface Frame {
  readonly event: RunEvent;
  /** Where its bytes are in the file, for output. */
  readonly position: number;
  /** Where the next frame begins. */
  readonly end: number;
}

/** A whole frame except its body. */
export function encodeHead(head: EventHead, bodyLength: number): Buffer {
  const json = JSON.stringify(head);
  const length = Buffer.byteLength(json);
  const buffer = Buffer.allocUnsafe(FRAME_PREFIX_BYTES + length);
  buffer.writeUInt32BE(length, 0);
  buffer.writeUInt32BE(bodyLength, 4);
  buffer.write(json, FRAME_PREFIX_BYTES);
  return buffer;
}

const at = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const node = v.string();
const nodes = v.array(node);
const attempt = v.optional(count);
const end = v.picklist(['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable']);
const filters = v.strictObject({
  node: v.optional(v.string()),
  service: v.optional(v.string()),
  tag: v.optional(v.string()),
});
const started = {
  kind: v.literal('started'),
  at,
  prefix: v.string(),
  heartbeatMs: v.number(),
  targets: v.array(v.string()),
};
const announced = { kind: v.literal('announced'), at, filters, number: count, of: count };
const exited = { kind: v.literal('exited'), at, node, code: v.pipe(v.number(), v.integer()) };
const sameInBoth = [
  v.strictObject({ kind: v.literal('output'), at, node }),
  v.strictObject({ kind: v.literal('heartbeat'), at, node }),
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
] as const;

/** The heads of version 1. Files written with it stay readable: never change it. */
const HeadV1 = v.variant('kind', [
  v.strictObject({ ...started, session: v.string() }),
  v.strictObject(announced),
  v.strictObject({ kind: v.literal('acknowledged'), at, node }),
  v.strictObject(exited),
  ...sameInBoth,
]);

/** The heads of version 2. Files written with it stay readable: never change it. */
const HeadV2 = v.variant('kind', [
  v.strictObject({
    ...started,
    sessions: v.array(v.strictObject({ datacenter: v.string(), session: v.string() })),
    fences: v.optional(v.boolean()),
  }),
  v.strictObject({ ...announced, attempt }),
  v.strictObject({
    kind: v.literal('attempted'),
    at,
    attempt: count,
    session: v.string(),
    datacenter: v.optional(v.string()),
    nodes,
  }),
  v.strictObject({ kind: v.literal('fenced'), at, session: v.string(), nodes }),
  v.strictObject({
    kind: v.literal('kept'),
    at,
    session: v.string(),
    datacenter: v.optional(v.string()),
  }),
  v.strictObject({ kind: v.literal('acknowledged'), at, node, attempt }),
  v.strictObject({ kind: v.literal('gap'), at, node, chunks: count }),
  v.strictObject({ kind: v.literal('reopened'), at, nodes, until: at }),
  v.strictObject({ ...exited, limitSeconds: v.optional(count) }),
  v.strictObject({ kind: v.literal('recovering'), at, nodes }),
  v.strictObject({
    kind: v.literal('recovered'),
    at,
    node,
    result: v.picklist(['all', 'cut', 'running', 'gone', 'nothing', 'noResponse']),
  }),
  v.strictObject({
    kind: v.literal('ended'),
    at,
    node,
    outcome: v.picklist([
      'ended',
      'over',
      'missing',
      'refused',
      'ambiguous',
      'blind',
      'stuck',
      'noResponse',
      'noReport',
      'notKnown',
    ]),
    signal: v.optional(v.picklist(['SIGTERM', 'SIGKILL'])),
    loose: v.optional(v.array(count)),
  }),
  v.strictObject({
    kind: v.literal('limited'),
    at,
    session: v.optional(v.string()),
    datacenter: v.optional(v.string()),
    nodes,
    perNode: count,
    perRun: count,
  }),
  v.strictObject({ kind: v.literal('cut'), at, node, bytes: count }),
  ...sameInBoth,
]);

/**
 * Reads a journal from its beginning to its last whole frame. A missing file has none.
 * @throws JournalError for anything but a journal of a known version; file system errors
 */
export async function* readJournal(path: string): AsyncGenerator<Frame, void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!handle) return;
  try {
    yield* new FrameReader(handle).frames();
  } finally {
    await handle.close();
  }
}

/** Reads frames through a buffer that grows as far as the current frame needs. */
class FrameReader {
  readonly #handle: FileHandle;
  #buffer = Buffer.alloc(0);
  /** Where the buffer begins in the file. */
  #start = 0;
  #decode: (value: unknown) => EventHead = decodeV2;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async *frames(): AsyncGenerator<Frame, void> {
    if (!(await this.#has(JOURNAL_MAGIC.length))) return;
    this.#readMagic();
    const maybeYield = createYielder();
    while (await this.#has(FRAME_PREFIX_BYTES)) {
      await maybeYield();
      const frame = await this.#next();
      if (!frame) return;
      yield frame;
    }
  }

  #readMagic(): void {
    const magic = this.#buffer.subarray(0, JOURNAL_MAGIC.length);
    if (magic.equals(MAGIC_V1)) this.#decode = decodeV1;
    else if (!magic.equals(JOURNAL_MAGIC)) throw notAJournal();
    this.#advance(JOURNAL_MAGIC.length);
  }

  /** @returns undefined where the last whole frame has been read */
  async #next(): Promise<Frame | undefined> {
    const head = this.#buffer.readUInt32BE(0);
    const body = this.#buffer.readUInt32BE(4);
    // A disk that lost power can leave zeros at the end of a file.
    if (head === 0) return undefined;
    if (isTooLong(head, body)) throw notAJournal();
    const length = FRAME_PREFIX_BYTES + head + body;
    if (!(await this.#has(length))) return undefined;
    const bodyAt = FRAME_PREFIX_BYTES + head;
    const json = parseJson(this.#buffer.toString('utf8', FRAME_PREFIX_BYTES, bodyAt));
    if (json === undefined) {
      // After a loss of power the last frame can be garbage; in the middle of a file it is damage.
      if (!(await this.#followsFrame(length))) return undefined;
      throw notAJournal();
    }
    const event = this.#decode(json);
    // A copy: a view would keep the whole block in memory.
    const bytes = Buffer.from(this.#buffer.subarray(bodyAt, length));
    const frame = {
      event: event.kind === 'output' ? { ...event, bytes } : event,
      position: this.#start + bodyAt,
      end: this.#start + length,
    };
    this.#advance(length);
    return frame;
  }

  /** Whether a whole frame begins at a position in the buffer. */
  async #followsFrame(position: number): Promise<boolean> {
    if (!(await this.#has(position + FRAME_PREFIX_BYTES))) return false;
    const head = this.#buffer.readUInt32BE(position);
    const body = this.#buffer.readUInt32BE(position + 4);
    if (head === 0 || isTooLong(head, body)) return false;
    const headAt = position + FRAME_PREFIX_BYTES;
    if (!(await this.#has(headAt + head + body))) return false;
    return parseJson(this.#buffer.toString('utf8', headAt, headAt + head)) !== undefined;
  }

  /** Reads on until the buffer has this many bytes. @returns false where the file ends before */
  async #has(length: number): Promise<boolean> {
    while (this.#buffer.length < length) {
      const block = Buffer.allocUnsafe(Math.max(READ_BLOCK_BYTES, length - this.#buffer.length));
      const position = this.#start + this.#buffer.length;
      const { bytesRead } = await this.#handle.read(block, 0, block.length, position);
      if (bytesRead === 0) return false;
      this.#buffer = Buffer.concat([this.#buffer, block.subarray(0, bytesRead)]);
    }
    return true;
  }

  #advance(length: number): void {
    this.#buffer = this.#buffer.subarray(length);
    this.#start += length;
  }
}

function isTooLong(head: number, body: number): boolean {
  return head > MAX_FRAME_BYTES.head || body > MAX_FRAME_BYTES.body;
}

function decodeV2(value: unknown): EventHead {
  const head = v.safeParse(HeadV2, value);
  if (!head.success) throw notAJournal();
  return head.output;
}

/** When a run of version 1 is resumed, heads of version 2 are appended to its journal. */
function decodeV1(value: unknown): EventHead {
  const head = v.safeParse(HeadV1, value);
  if (!head.success) return decodeV2(value);
  if (head.output.kind !== 'started') return head.output;
  const { session, ...rest } = head.output;
  return { ...rest, sessions: sessionsOfV1(session) };
}

/**
 * Version 1 has one id, or several as `session@datacenter` separated by spaces. The name of a single
 * datacenter is in the record alone.
 */
function sessionsOfV1(text: string): DatacenterSession[] {
  return text.split(' ').map((part) => {
    const at = part.indexOf('@');
    return at === -1
      ? { session: part, datacenter: '' }
      : { session: part.slice(0, at), datacenter: part.slice(at + 1) };
  });
}

function notAJournal(): JournalError {
  return new JournalError(
    t("Can't read the record of this run: it is damaged, or a newer version wrote it."),
  );
}
