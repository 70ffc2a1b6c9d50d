import assert from 'node:assert/strict';

/**
 * Fails when a run left a key below `_rexec/` or a session of its own behind.
 * @param address such as `http://127.0.7.1:8500`
 */
export async function assertNothingLeft(address: string): Promise<void> {
  const keys = await fetch(`${address}/v1/kv/_rexec/?keys`);
  assert.equal(keys.status, 404, `keys are left: ${await keys.text()}`);
  const sessions = (await (await fetch(`${address}/v1/session/list`)).json()) as unknown[];
  assert.deepEqual(sessions, []);
}
