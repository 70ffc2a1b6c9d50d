import * as v from 'valibot';
import type { Consul, Wait } from './consul.ts';
import { parseArray } from './http/jsonArray.ts';
import { detachBuffer } from './http/detachBuffer.ts';
import type { HttpResponse } from './http/httpRequest.ts';
import { ServerError } from './errors/consulErrors.ts';

/** A key with its value. */
export interface KvEntry {
  readonly key: string;
  readonly value: Buffer;
  /** The session that holds the key; undefined for a key without a lock. */
  readonly session?: string | undefined;
}

/** The result of reading a prefix, and the index to wait on for the next change below it. */
export interface Snapshot<T> {
  /** undefined if there is no key, or if the token can't read any: the response is the same. */
  readonly items: readonly T[] | undefined;
  readonly index: number;
}

/** Consul adds up to a sixteenth to the requested wait (PROTOCOL.md §3.5). */
export const WAIT_SLACK = 17 / 16;
export const NETWORK_ALLOWANCE_MS = 10_000;

/**
 * Locks and writes a key with a session.
 * @returns false if another session holds the key
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

/**
 * Locks and writes several keys with a session, all of them or none (PROTOCOL.md §8.2). A key that the
 * session already holds counts as free, so the request can be repeated after a lost response.
 * @param keys at most MAX_GUARDED_KEYS operations, with those of the deletions
 * @param lock its guard is a lock that must still be held, or nothing is written
 * @returns the keys that another session holds; empty if all keys are locked now
 * @throws ServerError if the servers refuse for another reason: for example, the session is gone, or
 * the guard is not held
 */
export async function acquireKeys(
  consul: Consul,
  keys: readonly string[],
  { session, value, guard, instead = [] }: GuardedLock,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const Value = Buffer.from(value).toString('base64');
  const locks = keys.map((Key) => ({ KV: { Verb: 'lock', Key, Value, Session: session } }));
  const deletions = instead.flatMap((Key) => [
    { KV: { Verb: 'check-session', Key, Session: session } },
    { KV: { Verb: 'delete', Key } },
  ]);
  const check = { KV: { Verb: 'check-session', Key: guard.key, Session: guard.session } };
  const operations = [...locks, ...deletions, check];
  const errors = await transact(consul, operations, keys[0] ?? guard.key, signal);
  const other = errors.find(({ What }) => !What.includes(LOCK_HELD));
  if (other) throw new ServerError(409, other.What);
  return errors.flatMap(({ OpIndex }) => keys[OpIndex] ?? []);
}

/** The most keys that one transaction can hand over: two operations each. */
export const MAX_HANDED_OVER = 32;

/**
 * Unlocks keys and locks them with another session, all of them or none, so that nobody can lock them
 * in between.
 * @param keys at most MAX_HANDED_OVER
 * @returns the keys that the first session doesn't hold; empty if all were handed over
 * @throws ServerError if the servers refuse for another reason: for example, a session is gone
 */
export async function handOverKeys(
  consul: Consul,
  keys: readonly string[],
  { from, to, value }: HandOver,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const Value = Buffer.from(value).toString('base64');
  const operations = keys.flatMap((Key) => [
    { KV: { Verb: 'unlock', Key, Value, Session: from } },
    { KV: { Verb: 'lock', Key, Value, Session: to } },
  ]);
  const errors = await transact(consul, operations, keys[0] ?? '', signal);
  // The second operation fails where the first did, or by itself if its session is gone.
  const failed = new Set<string>();
  for (const { OpIndex, What } of errors) {
    const isUnlock = OpIndex % 2 === 0;
    if (!isUnlock && !What.includes(LOCK_HELD)) throw new ServerError(409, What);
    const key = keys[Math.floor(OpIndex / 2)];
    if (key !== undefined) failed.add(key);
  }
  return [...failed];
}

interface HandOver {
  readonly from: string;
  readonly to: string;
  readonly value: Uint8Array;
}

/** @returns why it was not carried out; empty if it was */
async function transact(
  consul: Consul,
  operations: readonly unknown[],
  segment: string,
  signal: AbortSignal | undefined,
): Promise<readonly TransactionError[]> {
  const response = await consul.call({
    method: 'PUT',
    path: '/v1/txn',
    body: JSON.stringify(operations),
    accept: [409],
    needs: { resource: 'key', access: 'write', segment },
    signal,
  });
  if (response.status !== 409) return [];
  const conflict = v.safeParse(Conflict, consul.parse(response));
  if (!conflict.success) throw consul.notConsul(response);
  const { Errors } = conflict.output;
  if (Errors.length === 0) throw new ServerError(409, response.body.toString());
  return Errors;
}

/** How keys are locked, and on which condition. */
interface GuardedLock {
  readonly session: string;
  readonly value: Uint8Array;
  readonly guard: { readonly key: string; readonly session: string };
  /** Keys that the session holds, which are deleted. Each takes two operations. */
  readonly instead?: readonly string[] | undefined;
}

const Refusal = v.object({ OpIndex: v.optional(v.number(), 0), What: v.string() });
const Conflict = v.object({ Errors: v.array(Refusal) });
type TransactionError = v.InferOutput<typeof Refusal>;

/** Only this text tells that another session holds the lock; there is no status for it. */
const LOCK_HELD = 'lock is already held';

/** @returns undefined if the key doesn't exist or the token can't read it */
export async function findKey(
  consul: Consul,
  key: string,
  signal?: AbortSignal,
): Promise<HeldKey | undefined> {
  const response = await consul.call({
    method: 'GET',
    path: keyPath(key),
    query: { consistent: '' },
    accept: [404],
    needs: { resource: 'key', access: 'read', segment: key },
    signal,
  });
  if (response.status === 404) return undefined;
  const entries = v.safeParse(Held, consul.parse(response));
  if (!entries.success) throw consul.notConsul(response);
  const [entry] = entries.output;
  return { session: entry?.Session, value: Buffer.from(entry?.Value ?? '', 'base64') };
}

interface HeldKey {
  /** Undefined without a lock. */
  readonly session: string | undefined;
  readonly value: Buffer;
}

const Held = v.array(v.object({ Session: v.optional(v.string()), Value: v.nullish(v.string()) }));

/** Key names in slices, and the size of the list before compression. */
export interface KeyList {
  /** undefined if there is no key, or if the token can't read any: the response is the same. */
  readonly slices: AsyncIterable<readonly string[]> | undefined;
  readonly index: number;
  readonly bytes: number;
}

/**
 * Lists all keys below a prefix, in byte order. The list of a large fleet has megabytes, so it is
 * parsed in slices that don't block the event loop.
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

async function* keySlices(
  consul: Consul,
  response: HttpResponse,
): AsyncGenerator<readonly string[]> {
  try {
    for await (const slice of parseArray(response.body)) {
      if (!slice.every((key) => typeof key === 'string')) throw consul.notConsul(response);
      yield slice;
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw consul.notConsul(response);
    throw error;
  }
  detachBuffer(response.body);
}

/** Reads all keys below a prefix with their values, as of one moment. */
export async function readTree(
  consul: Consul,
  prefix: string,
  wait?: Wait,
  signal?: AbortSignal,
): Promise<Snapshot<KvEntry> & { readonly bytes: number }> {
  const response = await readPrefix(consul, prefix, 'recurse', wait, signal);
  const bytes = response.body.length;
  if (response.status === 404) return { items: undefined, index: indexOf(response), bytes };
  const entries = consul.parse(response);
  if (!areEntries(entries)) throw consul.notConsul(response);
  return { items: fromWire(entries), index: indexOf(response), bytes };
}

/** Consul 1.8.7 allows 64 operations in one transaction, 1.14 and later 128 (PROTOCOL.md §3.4). */
export const MAX_OPERATIONS = 64;
/** One operation checks the guard. */
export const MAX_GUARDED_KEYS = MAX_OPERATIONS - 1;

/**
 * Reads several prefixes in one request. It uses `get-tree`, which returns nothing for a prefix
 * without keys; `get` of one missing key would fail the whole transaction (PROTOCOL.md §7).
 * @param prefixes at most MAX_OPERATIONS
 * @returns a function that unpacks the response and throws NotConsulError if its shape is wrong. A
 * response that is queued takes less memory packed.
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
    const results = v.safeParse(TransactionResults, consul.parse(response));
    if (!results.success) throw consul.notConsul(response);
    const entries = (results.output.Results ?? []).map(entryOf);
    if (!areEntries(entries)) throw consul.notConsul(response);
    detachBuffer(response.body);
    return fromWire(entries);
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
  readonly Session?: string;
}

/** Checks only the outer shape. See `areEntries` for the entries. */
const TransactionResults = v.object({ Results: v.nullable(v.array(v.unknown())) });

function entryOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'KV' in result ? result.KV : undefined;
}

/** Doesn't use valibot, which copies every entry and takes 15 times as long. */
function areEntries(values: unknown): values is WireEntry[] {
  return Array.isArray(values) && values.every(isEntry);
}

function isEntry(value: unknown): value is WireEntry {
  if (typeof value !== 'object' || value === null) return false;
  if (!('Key' in value && typeof value.Key === 'string' && 'Value' in value)) return false;
  if ('Session' in value && typeof value.Session !== 'string') return false;
  return value.Value === null || typeof value.Value === 'string';
}

/**
 * Puts the values of a response into one block of memory. In Node's pool of small buffers they would
 * retain unrelated buffers of the same pool, which doubles the memory of ten thousand outputs.
 */
function fromWire(entries: readonly WireEntry[]): KvEntry[] {
  const sizes = entries.map(({ Value }) =>
    Value === null ? 0 : Buffer.byteLength(Value, 'base64'),
  );
  const block = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  return entries.map(({ Key, Value, Session: session }) => {
    const start = at;
    if (Value !== null) at += block.write(Value, at, 'base64');
    return { key: Key, value: block.subarray(start, at), session };
  });
}

/** @throws NotConsulError for a 404 that isn't Consul's own "no such key" */
async function readPrefix(
  consul: Consul,
  prefix: string,
  how: 'keys' | 'recurse',
  wait: Wait | undefined,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const response = await consul.call({
    method: 'GET',
    path: keyPath(prefix),
    query: { [how]: '' },
    wait,
    accept: [404],
    needs: { resource: 'key', access: 'read', segment: prefix },
    ...(wait && { use: 'results' }),
    timeoutMs: (wait?.waitMs ?? 0) * WAIT_SLACK + NETWORK_ALLOWANCE_MS,
    signal,
  });
  const isConsuls = response.headers['x-consul-index'] !== undefined;
  if (response.status === 404 && !isConsuls) throw consul.notConsul(response);
  return response;
}

/** Escapes everything but slashes: the server redirects unescaped paths. */
function keyPath(key: string): string {
  return `/v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** The index to pass to the next waiting read. */
export function indexOf(response: HttpResponse): number {
  return Number(response.headers['x-consul-index'] ?? 0);
}
