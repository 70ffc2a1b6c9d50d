import { randomUUID } from 'node:crypto';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';

/** The management token of the fleet. Only the test uses it; VS Code never gets it. */
export const MANAGEMENT = '11111111-2222-3333-4444-555555555555';

/** Starts agents with a default policy of deny. web-01 runs jobs, web-02 doesn't. */
export function startAclFleet(): Promise<Fleet> {
  const tokens = { master: MANAGEMENT, agent: MANAGEMENT };
  return startFleet({
    clients: [{ name: 'web-01' }, { name: 'web-02', remoteExec: false }],
    token: MANAGEMENT,
    config: { acl: { enabled: true, default_policy: 'deny', tokens } },
  });
}

/** @returns a token with these rules and no others */
export async function createToken({ address }: Fleet, rules: string): Promise<string> {
  const name = `policy-${randomUUID()}`;
  await put(`${address}/v1/acl/policy`, { Name: name, Rules: rules });
  const token = await put(`${address}/v1/acl/token`, { Policies: [{ Name: name }] });
  return (token as { SecretID: string }).SecretID;
}

async function put(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'x-consul-token': MANAGEMENT },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
