import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSelf } from '../../src/consul/agent.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import {
  type TargetSelection,
  selectTargets,
  ALL_NODES,
} from '../../src/exec/targeting/targetSelection.ts';
import {
  type ConfirmedSelection,
  resolveFilters,
} from '../../src/exec/targeting/resolveFilters.ts';
import { missingPermissions, readRights } from '../../src/exec/access/missingPermissions.ts';
import { userPolicy } from '../../src/exec/access/policy.ts';
import { payloadSize } from '../../src/exec/protocol/execEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

const MASTER = '11111111-2222-3333-4444-555555555555';
const SUBJECT = { prefix: '_rexec', sessionNode: 'server-1', agentNode: 'server-1' };

const matching = (expression: string) => ({ kind: 'matching' as const, expression });

/** Rules of a token that can read every node but one, and every service but one. */
const HIDING = `${userPolicy(SUBJECT)}
node "secret-db-1" { policy = "deny" }
service "hidden" { policy = "deny" }`;

describe('a token that cannot read everything', () => {
  let fleet: Fleet;
  let full: Consul;
  let restricted: Consul;

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
    full = new Consul({ endpoint, token: MASTER });
    const put = async (path: string, body: object) =>
      (await full.json({ method: 'PUT', path, body: JSON.stringify(body) })) as {
        SecretID: string;
      };
    await put('/v1/acl/policy', { Name: 'hiding', Rules: HIDING });
    const { SecretID } = await put('/v1/acl/token', { Policies: [{ Name: 'hiding' }] });
    restricted = new Consul({ endpoint, token: SecretID });
  });

  after(async () => {
    await Promise.all([full.close(), restricted.close()]);
    await fleet.stop();
  });

  /** The selection as confirmed with this token. */
  async function confirm(
    consul: Consul,
    parts: Partial<TargetSelection>,
  ): Promise<ConfirmedSelection> {
    const selection = { ...ALL_NODES, ...parts };
    const { reached } = selectTargets(selection, await readInventory(consul));
    const targets = reached.map(({ name }) => name);
    const { aclsOff } = await readRights(consul, SUBJECT);
    return { selection, targets, payloadBytes: payloadSize('_rexec'), isLocal: true, aclsOff };
  }

  /** @returns the names of the nodes that acknowledged, sorted */
  async function whoRuns(consul: Consul, confirmed: ConfirmedSelection): Promise<string[]> {
    const { targets } = confirmed;
    const announcements = await resolveFilters(consul, confirmed);
    const job = { kind: 'arguments' as const, args: ['true'] };
    const options = { prefix: '_rexec', quietMs: 4000, replicationWaitMs: 0 };
    // Without targets, the run waits for any other node.
    const names: string[] = [];
    for await (const event of runJob(consul, { job, announcements, options })) {
      if (event.kind === 'acknowledged') names.push(event.node);
    }
    assert.ok(targets.length > 0);
    return names.sort();
  }

  test('seems to lack nothing, but gossip counts the hidden node', async () => {
    assert.deepEqual(await missingPermissions(restricted, SUBJECT), []);
    const names = (await readInventory(restricted)).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['server-1', 'web-01', 'web-02']);
    assert.deepEqual((await readSelf(restricted))?.gossip, { alive: 4, failed: 0 });
  });

  test('an expression that matches a hidden node does not run there', async () => {
    const confirmed = await confirm(restricted, { node: matching('-') });
    assert.deepEqual(await whoRuns(restricted, confirmed), ['server-1', 'web-01', 'web-02']);
  });

  test('an expression that matches a hidden service does not run there', async () => {
    const confirmed = await confirm(restricted, { service: matching('^nginx-') });
    assert.deepEqual(confirmed.targets, ['web-01']);
    assert.deepEqual(await whoRuns(restricted, confirmed), ['web-01']);
  });

  test('with a token that can read all nodes, a node expression is sent as typed', async () => {
    const confirmed = await confirm(full, { node: matching('-') });
    assert.deepEqual(await resolveFilters(full, confirmed), [
      { node: '-', service: undefined, tag: undefined },
    ]);
    assert.equal((await whoRuns(full, confirmed)).length, 4);
  });

  test('a node that joined after the confirmation is not reached', async () => {
    const before = await confirm(full, { node: matching('^web-') });
    const confirmed = { ...before, targets: ['web-01'] };
    assert.deepEqual(await whoRuns(full, confirmed), ['web-01']);
  });

  test('names are used if the catalog is no longer readable', async () => {
    const confirmed = await confirm(full, { node: matching('^web-') });
    const unreachable = new Consul({ endpoint: parseAddress('127.0.0.1:1') });
    assert.deepEqual(await resolveFilters(unreachable, confirmed), [{ node: '^web-0[12]$' }]);
    await unreachable.close();
  });
});
