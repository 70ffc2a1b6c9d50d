import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import {
  ConsulError,
  describePermission,
  type Permission,
  PermissionError,
  UnknownTokenError,
} from '../../src/consul/errors.ts';
import { readInventory } from '../../src/consul/inventory.ts';
import { listKeys } from '../../src/consul/kv.ts';
import { missingPermissions } from '../../src/exec/missingPermissions.ts';
import {
  agentPolicy,
  policyRule,
  previewPermissions,
  runPermissions,
  userPolicy,
} from '../../src/exec/policy.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { commandOn, runOver } from '../support/runToEnd.ts';

const MASTER = '11111111-2222-3333-4444-555555555555';
const NODE = 'web-01';
const SUBJECT = { prefix: '_rexec', sessionNode: NODE, agentNode: NODE };
const FOR_RUN = runPermissions(SUBJECT);
const FOR_PREVIEW = previewPermissions();
const NEEDED = [...FOR_RUN, ...FOR_PREVIEW];

describe('with ACLs that deny by default', () => {
  let fleet: Fleet;
  let master: Consul;

  before(async () => {
    fleet = await startFleet({
      clients: [{ name: NODE }],
      token: MASTER,
      config: {
        acl: {
          enabled: true,
          default_policy: 'deny',
          // For so long an agent remembers that there is no such token.
          token_ttl: '100ms',
          tokens: { master: MASTER, agent: MASTER },
        },
      },
    });
    master = consulWith(MASTER);
    await giveAgentToken(`node "${NODE}" { policy = "write" }\n${agentPolicy('_rexec')}`);
    await anonymousIsKnown();
  });

  after(async () => {
    await master.close();
    await fleet.stop();
  });

  const connectionWith = (token: string | undefined) => ({
    endpoint: parseAddress(fleet.agent(NODE).httpAddress),
    token,
  });
  const consulWith = (token: string | undefined) => new Consul(connectionWith(token));
  const runWith = (token: string | undefined) =>
    runOver(connectionWith(token), commandOn([NODE], 'echo hi', { quietMs: 1500 }));

  let policies = 0;
  /** @returns a token with these rules and no others */
  async function tokenFor(rules: string): Promise<string> {
    const name = `policy-${++policies}`;
    const put = async (path: string, body: object) =>
      (await master.json({ method: 'PUT', path, body: JSON.stringify(body) })) as {
        SecretID: string;
      };
    await put('/v1/acl/policy', { Name: name, Rules: rules });
    return (await put('/v1/acl/token', { Policies: [{ Name: name }] })).SecretID;
  }

  async function giveAgentToken(rules: string): Promise<void> {
    await master.call({
      method: 'PUT',
      path: '/v1/agent/token/agent',
      body: JSON.stringify({ Token: await tokenFor(rules) }),
    });
  }

  const without = (missing: Permission) =>
    NEEDED.filter((permission) => permission !== missing)
      .map(policyRule)
      .join('\n');

  async function missingWith(token: string | undefined) {
    const consul = consulWith(token);
    try {
      return await missingPermissions(consul, SUBJECT);
    } finally {
      await consul.close();
    }
  }

  /** The leader makes the anonymous token some time after its election. */
  async function anonymousIsKnown(): Promise<void> {
    for (let tries = 100; ; tries--) {
      try {
        await missingWith(undefined);
        return;
      } catch (error) {
        if (!(error instanceof UnknownTokenError) || tries === 0) throw error;
        await sleep(100);
      }
    }
  }

  async function requireNothingLeft(): Promise<void> {
    const { slices } = await listKeys(master, '_rexec/');
    assert.equal(slices, undefined);
    assert.deepEqual(await master.json({ method: 'GET', path: '/v1/session/list' }), []);
  }

  test('the minimal policies of user and agent are enough', async () => {
    const token = await tokenFor(userPolicy(SUBJECT));
    assert.deepEqual(await missingWith(token), []);
    const { ledger, output } = await runWith(token);
    assert.equal(ledger.succeeded, true, ledger.reason);
    assert.equal(output.get(NODE), 'hi\n');
    const consul = consulWith(token);
    const nodes = await readInventory(consul);
    await consul.close();
    assert.deepEqual(nodes.map(({ name }) => name).sort(), ['server-1', NODE]);
    await requireNothingLeft();
  });

  for (const missing of FOR_RUN) {
    const words = describePermission(missing);
    test(`${words} alone is missing: found before the run, and named by it`, async () => {
      const token = await tokenFor(without(missing));
      assert.deepEqual((await missingWith(token))?.map(describePermission), [words]);
      const error: unknown = await runWith(token).catch((reason: unknown) => reason);
      assert.ok(error instanceof PermissionError, String(error));
      assert.equal(error.permissions[0].resource, missing.resource);
      assert.equal(error.permissions[0].access, missing.access);
      assert.match(error.message, new RegExp(`your token lacks ${missing.resource}:write`));
      assert.ok(!error.message.includes(token));
      await requireNothingLeft();
    });
  }

  for (const missing of FOR_PREVIEW) {
    const words = describePermission(missing);
    test(`${words} alone is missing: found, where the catalog only looks emptier`, async () => {
      const token = await tokenFor(without(missing));
      assert.deepEqual((await missingWith(token))?.map(describePermission), [words]);
    });
  }

  test('without a token everything is missing', async () => {
    assert.deepEqual(await missingWith(undefined), NEEDED);
    const error: unknown = await runWith(undefined).catch((reason: unknown) => reason);
    assert.ok(error instanceof PermissionError);
    assert.match(error.message, /without a token you lack/);
  });

  test('a token of another cluster is unknown', async () => {
    const token = '99999999-2222-3333-4444-555555555555';
    await assert.rejects(missingWith(token), UnknownTokenError);
    await assert.rejects(runWith(token), (error) => {
      assert.ok(error instanceof UnknownTokenError && error instanceof ConsulError);
      return !error.message.includes(token);
    });
  });

  test('an agent whose token may only read the keys never answers', async () => {
    const token = await tokenFor(userPolicy(SUBJECT));
    const mayRead = 'key_prefix "_rexec/" { policy = "read" }';
    try {
      await giveAgentToken(`node "${NODE}" { policy = "write" }\n${mayRead}`);
      const { ledger } = await runWith(token);
      assert.equal(ledger.get(NODE)?.state, 'silent');
      assert.equal(ledger.succeeded, false);
    } finally {
      await giveAgentToken(`node "${NODE}" { policy = "write" }\n${agentPolicy('_rexec')}`);
    }
  });
});

test('with ACLs off nothing is missing', async () => {
  const fleet = await startFleet({ clients: [] });
  const consul = new Consul({ endpoint: parseAddress(fleet.address) });
  try {
    assert.deepEqual(await missingPermissions(consul, SUBJECT), []);
  } finally {
    await consul.close();
    await fleet.stop();
  }
});
