import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';

/** The keys and sessions in Consul, read without the extension's client. */
interface ConsulState {
  /** Every key, whatever its prefix, and every session. */
  readonly names: readonly string[];
  /** Changes with every write of a key or a session, even if the write is undone. */
  readonly index: string;
}

/** @param address of an agent, for example `http://127.0.7.1:8500` */
async function readState(address: string, token = ''): Promise<ConsulState> {
  const init = { headers: { 'x-consul-token': token } };
  const keys = await fetch(`${address}/v1/kv/?keys`, init);
  // Consul responds with 404 for a prefix without keys.
  const names = keys.status === 404 ? [] : ((await keys.json()) as string[]);
  const sessions = await fetch(`${address}/v1/session/list`, init);
  const ids = ((await sessions.json()) as { readonly ID: string }[]).map(({ ID }) => ID);
  return {
    names: [...names.map((key) => `key ${key}`), ...ids.map((id) => `session ${id}`)],
    index: [keys, sessions].map(({ headers }) => headers.get('x-consul-index')).join(' '),
  };
}

/** @throws AssertionError with the keys and sessions that are still there after some seconds */
export async function assertNothingLeft(address: string, token?: string): Promise<void> {
  await eventually(
    async () => assert.deepEqual((await readState(address, token)).names, []),
    8_000,
  );
}

/** @throws AssertionError when `action` wrote a key or a session, even if it was deleted again */
export async function assertNothingWritten(
  address: string,
  action: () => Promise<void>,
): Promise<void> {
  const before = await readState(address);
  await action();
  assert.deepEqual(await readState(address), before);
}
