import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import type { EventFilters } from '../../src/consul/event.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import type { CatalogNode } from '../../src/consul/catalog/catalogNode.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  filtersForSelection,
} from '../../src/exec/targeting/targetSelection.ts';
import { describeFilters } from '../../src/exec/targeting/describeFilters.ts';
import { payloadSize } from '../../src/exec/protocol/execEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { FULL_VISIBILITY } from '../../src/exec/targeting/catalogVisibility.ts';
import { exactFilters } from '../../src/exec/targeting/matchNodes.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { oddClients, oddServer, registerExternalNode } from './oddFleet.ts';

const PAYLOAD = payloadSize('_rexec');
const EVENT_BYTES = 400;

const exactly = (...names: string[]) => ({ kind: 'exactly' as const, names });
const select = (parts: Partial<TargetSelection>): TargetSelection => ({
  service: ANY,
  tag: ANY,
  node: ANY,
  ...parts,
});

/** Selections from lists, and the nodes they match. */
const SELECTIONS: readonly (readonly [TargetSelection, readonly string[]])[] = [
  [select({ service: exactly('web') }), ['WEB-03', 'web1', 'web2']],
  [select({ service: exactly('web'), tag: exactly('primary') }), ['web1']],
  [select({ service: exactly('frontend') }), ['web10']],
  [select({ service: exactly('consul') }), ['server-1']],
  [select({ service: exactly('myconsul') }), ['maint-1']],
  [select({ service: exactly('api'), tag: exactly('green') }), ['web19']],
  [select({ service: exactly('db') }), ['db-01.example.com', 'db-01xexample.com']],
  [select({ service: exactly('meta'), tag: exactly('.*') }), ['a.b+c(d)[e]^$']],
  [select({ node: exactly('web1') }), ['web1']],
  [select({ node: exactly('db-01.example.com') }), ['db-01.example.com']],
  [select({ node: exactly('job', 'x/ack', 'slash/node') }), ['job', 'slash/node', 'x/ack']],
  [
    select({ node: exactly('ünïcode-ノード', 'node with space') }),
    ['node with space', 'ünïcode-ノード'],
  ],
];

const matching = (expression: string) => ({ kind: 'matching' as const, expression });

/** Selections with expressions, the nodes cleared in the review, the targets, and the filters. */
const EXPRESSIONS: readonly (readonly [
  TargetSelection,
  readonly string[],
  readonly string[],
  string,
])[] = [
  [select({ node: matching('^web[12]$') }), [], ['web1', 'web2'], 'filters as typed'],
  [select({ node: matching('^web[12]$') }), ['web2'], ['web1'], 'by node names'],
  [
    select({ service: exactly('web'), node: matching('web') }),
    [],
    ['web1', 'web2'],
    'filters as typed',
  ],
  [select({ service: exactly('web'), tag: matching('^prim') }), [], ['web1'], 'filters as typed'],
  // Agents don't know the servers' own service, so no typed filter can match it.
  [
    select({ service: exactly('consul'), node: matching('^server-1$') }),
    [],
    ['server-1'],
    'by node names',
  ],
];

describe('exact selection on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;
  let nodes: readonly CatalogNode[];
  let runs = 0;

  before(async () => {
    fleet = await startFleet({ clients: oddClients, servers: [oddServer] });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
    await registerExternalNode(fleet.address);
    nodes = await readInventory(consul);
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('names and tags from lists reach exactly the matching nodes', async () => {
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const [selection, expected] of SELECTIONS) {
      const targets = selectTargets(selection, nodes).reached.map(({ name }) => name);
      assert.deepEqual(targets.toSorted(), expected.toSorted());
      const events = await filtersForSelection(selection, targets, nodes, PAYLOAD, FULL_VISIBILITY);
      marks.push([await announce(events, targets), expected]);
    }
    await sleep(1000); // for nodes that should not have run it
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  test('an expression beside lists, or with a node cleared, reaches exactly the targets', async () => {
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const [selection, cleared, expected, words] of EXPRESSIONS) {
      const shown = selectTargets(selection, nodes).reached.map(({ name }) => name);
      const targets = shown.filter((name) => !cleared.includes(name));
      assert.deepEqual(targets.toSorted(), expected.toSorted());
      const events = await filtersForSelection(selection, targets, nodes, PAYLOAD, FULL_VISIBILITY);
      assert.equal(describeFilters(selection, events, nodes), words);
      marks.push([await announce(events, targets), expected]);
    }
    await sleep(1000);
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  test('nodes distributed over several events run the job once, and no other node does', async () => {
    const names = fleet.agents.map(({ name }) => name);
    const sets = [names, names.filter((_, i) => i % 2 === 0), names.slice(3), names.slice(0, -1)];
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const targets of sets) {
      for (const budget of [40, 90]) {
        // A payload that leaves only this budget.
        const others = [...nodes, { ...nodes[0]!, name: 'not a target' }];
        const events = await exactFilters(targets, others, EVENT_BYTES - budget);
        assert.ok(events.length > 1);
        marks.push([await announce(events, targets), targets]);
      }
    }
    await sleep(1000);
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  /** Runs a job that leaves a mark on a node each time it runs there. */
  async function announce(
    announcements: readonly EventFilters[],
    targets: readonly string[],
  ): Promise<string> {
    const mark = `mark-${runs++}`;
    const exited: string[] = [];
    const request = {
      job: { kind: 'command' as const, text: `echo x >> ${mark}` },
      announcements,
      targets,
      options: { prefix: '_rexec', quietMs: 3000, replicationWaitMs: 0 },
    };
    for await (const event of runJob(consul, request)) {
      if (event.kind === 'exited') exited.push(event.node);
    }
    assert.deepEqual(exited.sort(), targets.toSorted());
    return mark;
  }

  /** How often each node ran the job with this mark. */
  async function whoRan(mark: string): Promise<Record<string, number>> {
    const counts = await Promise.all(
      fleet.agents.map(async ({ name, workFolder }) => {
        const text = await readFile(join(workFolder, mark), 'utf8').catch(() => '');
        return [name, text.length / 'x\n'.length] as const;
      }),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0).sort());
  }
});

function once(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 1] as const).sort());
}
