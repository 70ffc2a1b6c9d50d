import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { readOwnToken } from '../../src/consul/acl.ts';
import { specFromEnvironment } from '../../src/consul/connection/environment.ts';
import { resolveConnection, type SecretSource } from '../../src/consul/connection/resolve.ts';
import { Consul } from '../../src/consul/consul.ts';
import {
  ConsulError,
  describePermission,
  type Permission,
  PermissionError,
  UnknownTokenError,
} from '../../src/consul/errors/consulErrors.ts';
import { readFilteredNodes } from '../../src/consul/catalog/filteredNodes.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import { listKeys } from '../../src/consul/kv.ts';
import { missingPermissions } from '../../src/exec/access/missingPermissions.ts';
import {
  agentPolicy,
  policyRule,
  previewPermissions,
  runPermissions,
  userPolicy,
} from '../../src/exec/access/policy.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { whoStarts } from '../../src/editor/launch/whoStarts.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { commandOn, gather, runOver } from '../support/runToEnd.ts';
import { watch } from './support/runs.ts';

const MASTER = '11111111-2222-3333-4444-555555555555';
const NODE = 'web-01';
const NO_SECRETS: SecretSource = {
  storedToken: () => Promise.resolve(undefined),
  askToken: () => Promise.resolve(undefined),
  password: () => Promise.resolve(undefined),
};
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
          // How long an agent remembers that a token doesn't exist.
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
    runOver(connectionWith(token), commandOn([NODE], 'echo hi', { quietMs: 4000 }));

  let policies = 0;
  /** @returns a token with these rules and no others */
  async function tokenFor(rules: string): Promise<string> {
    const name = `policy-${++policies}`;
    const put = async (path: string, body: object) =>
      (await master.json({ method: 'PUT', path, body: JSON.stringify(body) })) as {
        SecretID: string;
      };
    await put('/v1/acl/policy', { Name: name, Rules: rules });
    const token = { Description: 'runs jobs', Policies: [{ Name: name }] };
    return (await put('/v1/acl/token', token)).SecretID;
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

  /** The leader creates the anonymous token some time after its election. */
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
    test(`${words} alone is missing: found before the run, and in the run's error`, async () => {
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
    test(`${words} alone is missing: found, although the catalog just has fewer entries`, async () => {
      const token = await tokenFor(without(missing));
      assert.deepEqual((await missingWith(token))?.map(describePermission), [words]);
    });
  }

  test('a filter expression finds only what the token sees, and that this is not all is known', async () => {
    const half = NEEDED.filter(({ resource }) => resource !== 'node').map(policyRule);
    const token = await tokenFor([...half, `node "${NODE}" { policy = "read" }`].join('\n'));
    const consul = consulWith(token);
    try {
      const all = 'Node matches "."';
      assert.deepEqual((await readFilteredNodes(master, all)).toSorted(), ['server-1', NODE]);
      assert.deepEqual(await readFilteredNodes(consul, all), [NODE]);
      assert.deepEqual(await readFilteredNodes(consul, `Node != "${NODE}"`), []);
      assert.deepEqual(await readFilteredNodes(consul, 'Node == "server-1"'), []);
      const nodes = await readInventory(consul);
      assert.deepEqual(
        nodes.map(({ name }) => name),
        [NODE],
      );
      const missing = (await missingWith(token)) ?? [];
      assert.ok(missing.some(({ resource }) => resource === 'node'));
    } finally {
      await consul.close();
    }
  });

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

  test('a run continues with the new token when its token file is replaced', async () => {
    const folder = temporaryFolder('token-file');
    const file = join(folder.path, 'token');
    const create = async () => {
      const token = await tokenFor(userPolicy(SUBJECT));
      writeFileSync(file, token);
      return token;
    };
    const old = await create();
    const spec = specFromEnvironment({
      CONSUL_HTTP_ADDR: fleet.agent(NODE).httpAddress,
      CONSUL_HTTP_TOKEN_FILE: file,
    });
    let reads = 0;
    const resolve = () => {
      reads++;
      return resolveConnection(spec, NO_SECRETS, { env: {} });
    };
    const consul = new Consul({ ...(await resolve()), refresh: resolve });
    try {
      const script = 'echo before; sleep 6; echo after';
      const run = runJob(consul, commandOn([NODE], script));
      let replaced = false;
      const { ledger, output } = await gather(
        watch(run, async (event) => {
          if (event.kind !== 'output' || replaced) return;
          replaced = true;
          const owner = consulWith(old);
          const self = await owner.json({ method: 'GET', path: '/v1/acl/token/self' });
          await owner.close();
          const { AccessorID } = self as { AccessorID: string };
          await master.call({ method: 'DELETE', path: `/v1/acl/token/${AccessorID}` });
          // For some seconds there is no valid token, as when a rotation takes its time.
          setTimeout(() => void create(), 2000);
        }),
      );
      assert.equal(ledger.succeeded, true, ledger.reason);
      assert.equal(output.get(NODE), 'before\nafter\n');
      assert.ok(reads >= 2 && reads <= 6, `${reads} reads of the token file`);
    } finally {
      await consul.close();
      folder.remove();
    }
    await requireNothingLeft();
  });

  test('who starts a run is known by the accessor of the token, never by its secret', async () => {
    // Without any right: every token can read itself.
    const secret = await tokenFor('');
    const consul = consulWith(secret);
    const anonymous = consulWith(undefined);
    const unknown = consulWith('99999999-0000-0000-0000-000000000000');
    try {
      const token = await readOwnToken(consul);
      assert.deepEqual(Object.keys(token ?? {}).toSorted(), ['accessor', 'description']);
      assert.equal(token?.description, 'runs jobs');
      assert.match(token.accessor, /^[0-9a-f-]{36}$/);
      assert.notEqual(token.accessor, secret);
      const startedBy = await whoStarts(consul);
      assert.equal(startedBy.tokenAccessor, token.accessor);
      assert.equal(startedBy.user, userInfo().username);
      assert.ok(!JSON.stringify(startedBy).includes(secret));
      // What can't be read is left out, and fails nothing.
      for (const other of [anonymous, unknown]) {
        assert.deepEqual(await whoStarts(other), { user: userInfo().username, host: hostname() });
      }
    } finally {
      await Promise.all([consul, anonymous, unknown].map((each) => each.close()));
    }
  });

  test('an agent whose token can only read the keys does not respond', async () => {
    const token = await tokenFor(userPolicy(SUBJECT));
    const mayRead = 'key_prefix "_rexec/" { policy = "read" }';
    try {
      await giveAgentToken(`node "${NODE}" { policy = "write" }\n${mayRead}`);
      const { ledger } = await runWith(token);
      assert.equal(ledger.get(NODE)?.state, 'noResponse');
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
    const withToken = new Consul({ endpoint: parseAddress(fleet.address), token: MASTER });
    assert.equal(await readOwnToken(withToken), undefined);
    await withToken.close();
  } finally {
    await consul.close();
    await fleet.stop();
  }
});
