import type { Consul } from './consul.ts';
import { goDuration } from './duration.ts';
import { parseArray } from './jsonArray.ts';
import { letGo } from './letGo.ts';
import type { Response } from './transport.ts';

/** A key with its value. */
export interface KvEntry {
  readonly key: string;
  readonly value: Buffer;
}

/** What a read of a prefix gave, and the index to wait on for the next change below it. */
export interface Snapshot<T> {
  /** undefined when no key is there, which also is the answer when none may be read. */
  readonly items: readonly T[] | undefined;
  readonly index: number;
}

/** How a read waits: until something changes past `index`, but no longer than `waitMs`. */
export interface Wait {
  readonly index: number;
  readonly waitMs: number;
}

/** Consul adds up to a sixteenth to the wait it is asked for (PROTOCOL.md §3.5). */
export const WAIT_SLACK = 17 / 16;
export const NETWORK_ALLOWANCE_MS = 10_000;

/**
 * Locks and writes a key with a session.
 * @returns false when another session holds it
 * @throws TooLargeError with the server's limit
 */
export async function acquireKey(
  consul: Consul,
  key: string,
  session: string,
  value: Uint8Array,
  signal?: AbortSignal,
): Promise<boolean> {
  const response = await consul.call({
    method: 'PUT',
    path: keyPath(key),
    query: { acquire: session },
    body: value,
    needs: { resource: 'key', access: 'write', segment: key },
    signal,
  });
  return response.body.toString().trim() === 'true';
}

/** Names of keys, some at a time, and what the list weighs before compression. */
export interface KeyList {
  /** undefined when no key is there, which also is the answer when none may be read. */
  readonly slices: AsyncIterable<readonly string[]> | undefined;
  readonly index: number;
  readonly bytes: number;
}

/**
 * Names of all keys below a prefix, in byte order. A large fleet's list is megabytes: it is parsed
 * in slices, between which the event loop gets its turn.
 * @throws NotConsulError, also while the slices are read
 */
export async function listKeys(
  consul: Consul,
  prefix: string,
  wait?: Wait,
  signal?: AbortSignal,
): Promise<KeyList> {
  const response = await readPrefix(consul, prefix, 'keys', wait, signal);
  const slices = response.status === 404 ? undefined : keySlices(consul, response);
  return { slices, index: indexOf(response), bytes: response.body.length };
}

async function* keySlices(consul: Consul, response: Response): AsyncGenerator<readonly string[]> {
  try {
    for await (const slice of parseArray(response.body)) yield slice as string[];
  } catch (error) {
    if (error instanceof SyntaxError) throw consul.notConsul(response);
    throw error;
  }
  letGo(response.body);
}

/** All keys below a prefix with their values: one consistent picture. */
export async function readTree(
  consul: Consul,
  prefix: string,
  wait?: Wait,
  signal?: AbortSignal,
): Promise<Snapshot<KvEntry> & { readonly bytes: number }> {
  const response = await readPrefix(consul, prefix, 'recurse', wait, signal);
  const bytes = response.body.length;
  if (response.status === 404) return { items: undefined, index: indexOf(response), bytes };
  const entries = consul.parse(response) as WireEntry[];
  if (!Array.isArray(entries)) throw consul.notConsul(response);
  return { items: fromWire(entries), index: indexOf(response), bytes };
}

/** 1.8.7 takes 64 operations in one transaction, 1.14 and later 128 (PROTOCOL.md §3.4). */
export const MAX_OPERATIONS = 64;

/**
 * Reads several prefixes in one request. `get-tree` never fails: a prefix without keys gives
 * nothing, where `get` of one missing key would refuse the whole transaction (PROTOCOL.md §7).
 * @param prefixes at most MAX_OPERATIONS
 * @returns unpacks the answer: one that waits for its turn takes less memory packed
 */
export async function readTrees(
  consul: Consul,
  prefixes: readonly string[],
  signal?: AbortSignal,
): Promise<() => KvEntry[]> {
  const response = await consul.call({
    method: 'PUT',
    path: '/v1/txn',
    body: JSON.stringify(prefixes.map((Key) => ({ KV: { Verb: 'get-tree', Key } }))),
    needs: { resource: 'key', access: 'read', segment: prefixes[0] ?? '' },
    timeoutMs: 60_000,
    signal,
  });
  return () => {
    const answer = consul.parse(response) as { Results?: { KV: WireEntry }[] | null };
    letGo(response.body);
    return fromWire((answer.Results ?? []).map(({ KV }) => KV));
  };
}

/** Deletes every key below a prefix. */
export async function deleteTree(
  consul: Consul,
  prefix: string,
  signal?: AbortSignal,
): Promise<void> {
  await consul.call({
    method: 'DELETE',
    path: keyPath(prefix),
    query: { recurse: '' },
    needs: { resource: 'key', access: 'write', segment: prefix },
    timeoutMs: 10_000,
    signal,
  });
}

interface WireEntry {
  readonly Key: string;
  readonly Value: string | null;
}

/**
 * Values of one answer share one block of memory of their own. In Node's pool of small buffers they
 * would keep alive what passes through it beside them, which doubles what ten thousand outputs take.
 */
function fromWire(entries: readonly WireEntry[]): KvEntry[] {
  const sizes = entries.map(({ Value }) =>
    Value === null ? 0 : Buffer.byteLength(Value, 'base64'),
  );
  const block = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  return entries.map(({ Key, Value }) => {
    const start = at;
    if (Value !== null) at += block.write(Value, at, 'base64');
    return { key: Key, value: block.subarray(start, at) };
  });
}

/** @throws NotConsulError for a 404 that is not Consul's own "no such key" */
async function readPrefix(
  consul: Consul,
  prefix: string,
  how: 'keys' | 'recurse',
  wait: Wait | undefined,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const response = await consul.call({
    method: 'GET',
    path: keyPath(prefix),
    query: {
      [how]: '',
      ...(wait ? { index: String(wait.index), wait: goDuration(wait.waitMs) } : {}),
    },
    accept: [404],
    needs: { resource: 'key', access: 'read', segment: prefix },
    waits: wait !== undefined,
    timeoutMs: (wait?.waitMs ?? 0) * WAIT_SLACK + NETWORK_ALLOWANCE_MS,
    signal,
  });
  const isConsuls = response.headers['x-consul-index'] !== undefined;
  if (response.status === 404 && !isConsuls) throw consul.notConsul(response);
  return response;
}

/** Slashes part the segments; everything else of a key is escaped, or the server would redirect. */
function keyPath(key: string): string {
  return `/v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** The index that the next waiting read is to give. */
export function indexOf(response: Response): number {
  return Number(response.headers['x-consul-index'] ?? 0);
}
