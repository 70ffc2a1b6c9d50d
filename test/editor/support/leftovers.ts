import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';

/** What Consul holds, asked without the product's own client. */
interface Held {
  /** Every key, whatever its prefix, and every session. */
  readonly names: readonly string[];
  /** Moves with every write of a key or a session, even when it is taken back. */
  readonly mark: string;
}

/** @param address of an agent, such as `http://127.0.7.1:8500` */
async function held(address: string, token = ''): Promise<Held> {
  const init = { headers: { 'x-consul-token': token } };
  const keys = await fetch(`${address}/v1/kv/?keys`, init);
  // Consul answers 404 for a prefix without keys.
  const names = keys.status === 404 ? [] : ((await keys.json()) as string[]);
  const sessions = await fetch(`${address}/v1/session/list`, init);
  const ids = ((await sessions.json()) as { readonly ID: string }[]).map(({ ID }) => ID);
  return {
    names: [...names.map((key) => `key ${key}`), ...ids.map((id) => `session ${id}`)],
    mark: [keys, sessions].map(({ headers }) => headers.get('x-consul-index')).join(' '),
  };
}

/** @throws AssertionError with what is there, once it has been there for some seconds */
export async function assertNothingLeft(address: string, token?: string): Promise<void> {
  await eventually(async () => assert.deepEqual((await held(address, token)).names, []), 8_000);
}

/** @throws AssertionError when `action` wrote a key or a session, whether or not it is still there */
export async function assertNothingWritten(
  address: string,
  action: () => Promise<void>,
): Promise<void> {
  const before = await held(address);
  await action();
  assert.deepEqual(await held(address), before);
}
