import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSelf } from '../../src/consul/agent.ts';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { readInventory } from '../../src/consul/inventory.ts';
import { type Choice, chosenTargets, EVERYTHING } from '../../src/exec/choice.ts';
import { type Confirmed, filtersNow } from '../../src/exec/filtersNow.ts';
import { missingPermissions, readRights } from '../../src/exec/missingPermissions.ts';
import { userPolicy } from '../../src/exec/policy.ts';
import { payloadSize, runJob } from '../../src/exec/runJob.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

const MASTER = '11111111-2222-3333-4444-555555555555';
const SUBJECT = { prefix: '_rexec', sessionNode: 'server-1', agentNode: 'server-1' };

const matching = (expression: string) => ({ kind: 'matching' as const, expression });

/** Rules of a token that may read every node but one, and every service but one. */
const HIDING = `${userPolicy(SUBJECT)}
node "secret-db-1" { policy = "deny" }
service "hidden" { policy = "deny" }`;

describe('a token that does not see everything', () => {
  let fleet: Fleet;
  let all: Consul;
  let some: Consul;

  before(async () => {
    fleet = await startFleet({
      clients: [
        { name: 'web-01', services: [{ id: 'nginx-1', name: 'web' }] },
        { name: 'web-02', services: [{ id: 'nginx-2', name: 'hidden' }] },
        { name: 'secret-db-1' },
      ],
      token: MASTER,
      config: {
        acl: {
          enabled: true,
          default_policy: 'deny',
          tokens: { master: MASTER, agent: MASTER, default: MASTER },
        },
      },
    });
    const endpoint = parseAddress(fleet.address);
    all = new Consul({ endpoint, token: MASTER });
    const put = async (path: string, body: object) =>
      (await all.json({ method: 'PUT', path, body: JSON.stringify(body) })) as { SecretID: string };
    await put('/v1/acl/policy', { Name: 'hiding', Rules: HIDING });
    const { SecretID } = await put('/v1/acl/token', { Policies: [{ Name: 'hiding' }] });
    some = new Consul({ endpoint, token: SecretID });
  });

  after(async () => {
    await Promise.all([all.close(), some.close()]);
    await fleet.stop();
  });

  /** The choice as it was confirmed through this connection. */
  async function confirm(consul: Consul, parts: Partial<Choice>): Promise<Confirmed> {
    const choice = { ...EVERYTHING, ...parts };
    const { reached } = chosenTargets(choice, await readInventory(consul));
    const targets = reached.map(({ name }) => name);
    const { aclsOff } = await readRights(consul, SUBJECT);
    return { choice, targets, payloadBytes: payloadSize('_rexec'), home: true, aclsOff };
  }

  /** @returns the names of the nodes that acknowledged, sorted */
  async function whoRuns(consul: Consul, confirmed: Confirmed): Promise<string[]> {
    const { targets } = confirmed;
    const announcements = await filtersNow(consul, confirmed);
    const job = { kind: 'arguments' as const, args: ['true'] };
    const options = { prefix: '_rexec', quietMs: 2000, replicationWaitMs: 0 };
    // Without its targets it waits for whoever else there is.
    const names: string[] = [];
    for await (const event of runJob(consul, { job, announcements, options })) {
      if (event.kind === 'acknowledged') names.push(event.node);
    }
    assert.ok(targets.length > 0);
    return names.sort();
  }

  test('is said to lack nothing, but gossip counts the hidden node', async () => {
    assert.deepEqual(await missingPermissions(some, SUBJECT), []);
    const names = (await readInventory(some)).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['server-1', 'web-01', 'web-02']);
    assert.deepEqual((await readSelf(some))?.gossip, { alive: 4, failed: 0 });
  });

  test('an expression that fits a hidden node does not run there', async () => {
    const confirmed = await confirm(some, { node: matching('-') });
    assert.deepEqual(await whoRuns(some, confirmed), ['server-1', 'web-01', 'web-02']);
  });

  test('an expression that fits a hidden service does not run there', async () => {
    const confirmed = await confirm(some, { service: matching('^nginx-') });
    assert.deepEqual(confirmed.targets, ['web-01']);
    assert.deepEqual(await whoRuns(some, confirmed), ['web-01']);
  });

  test('who sees all nodes sends a node expression as it was typed', async () => {
    const confirmed = await confirm(all, { node: matching('-') });
    assert.deepEqual(await filtersNow(all, confirmed), [
      { node: '-', service: undefined, tag: undefined },
    ]);
    assert.equal((await whoRuns(all, confirmed)).length, 4);
  });

  test('a node that came after the last question is not reached', async () => {
    const before = await confirm(all, { node: matching('^web-') });
    const confirmed = { ...before, targets: ['web-01'] };
    assert.deepEqual(await whoRuns(all, confirmed), ['web-01']);
  });

  test('a catalog that cannot be read any more leaves the names', async () => {
    const confirmed = await confirm(all, { node: matching('^web-') });
    const nobody = new Consul({ endpoint: parseAddress('127.0.0.1:1') });
    assert.deepEqual(await filtersNow(nobody, confirmed), [{ node: '^web-0[12]$' }]);
    await nobody.close();
  });
});
