import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import type { EventFilters } from '../../src/consul/event.ts';
import { readInventory } from '../../src/consul/inventory.ts';
import type { CatalogNode } from '../../src/consul/catalogNode.ts';
import { ANY, type Choice, chosenTargets, choiceFilters } from '../../src/exec/choice.ts';
import { describeFilters } from '../../src/exec/describeFilters.ts';
import { payloadSize, runJob } from '../../src/exec/runJob.ts';
import { WHOLE } from '../../src/exec/sight.ts';
import { exactFilters } from '../../src/exec/targets.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { oddClients, oddServer, registerExternalNode } from './oddFleet.ts';

const PAYLOAD = payloadSize('_rexec');
const EVENT_ROOM = 400;

const exactly = (...names: string[]) => ({ kind: 'exactly' as const, names });
const choice = (parts: Partial<Choice>): Choice => ({
  service: ANY,
  tag: ANY,
  node: ANY,
  ...parts,
});

/** What a user picks from the lists, and who is meant. */
const CHOICES: readonly (readonly [Choice, readonly string[]])[] = [
  [choice({ service: exactly('web') }), ['WEB-03', 'web1', 'web2']],
  [choice({ service: exactly('web'), tag: exactly('primary') }), ['web1']],
  [choice({ service: exactly('frontend') }), ['web10']],
  [choice({ service: exactly('consul') }), ['server-1']],
  [choice({ service: exactly('myconsul') }), ['maint-1']],
  [choice({ service: exactly('api'), tag: exactly('green') }), ['web19']],
  [choice({ service: exactly('db') }), ['db-01.example.com', 'db-01xexample.com']],
  [choice({ service: exactly('meta'), tag: exactly('.*') }), ['a.b+c(d)[e]^$']],
  [choice({ node: exactly('web1') }), ['web1']],
  [choice({ node: exactly('db-01.example.com') }), ['db-01.example.com']],
  [choice({ node: exactly('job', 'x/ack', 'slash/node') }), ['job', 'slash/node', 'x/ack']],
  [
    choice({ node: exactly('ünïcode-ノード', 'node with space') }),
    ['node with space', 'ünïcode-ノード'],
  ],
];

const matching = (expression: string) => ({ kind: 'matching' as const, expression });

/** Expressions, what is left out in the review, who is meant, and how it must travel. */
const EXPRESSIONS: readonly (readonly [Choice, readonly string[], readonly string[], string])[] = [
  [choice({ node: matching('^web[12]$') }), [], ['web1', 'web2'], 'filters as typed'],
  [choice({ node: matching('^web[12]$') }), ['web2'], ['web1'], 'by node names'],
  [
    choice({ service: exactly('web'), node: matching('web') }),
    [],
    ['web1', 'web2'],
    'filters as typed',
  ],
  [choice({ service: exactly('web'), tag: matching('^prim') }), [], ['web1'], 'filters as typed'],
  // No agent knows the servers' own service, so nothing typed can say it.
  [
    choice({ service: exactly('consul'), node: matching('^server-1$') }),
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

  test('names and tags from lists and ticked nodes reach exactly those', async () => {
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const [picked, expected] of CHOICES) {
      const wanted = chosenTargets(picked, nodes).reached.map(({ name }) => name);
      assert.deepEqual(wanted.toSorted(), expected.toSorted());
      const events = await choiceFilters(picked, wanted, nodes, PAYLOAD, WHOLE);
      marks.push([await announce(events, wanted), expected]);
    }
    await sleep(1000); // for whoever should not have run
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  test('an expression beside lists, or with a node unticked, reaches exactly those', async () => {
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const [picked, unticked, expected, words] of EXPRESSIONS) {
      const shown = chosenTargets(picked, nodes).reached.map(({ name }) => name);
      const wanted = shown.filter((name) => !unticked.includes(name));
      assert.deepEqual(wanted.toSorted(), expected.toSorted());
      const events = await choiceFilters(picked, wanted, nodes, PAYLOAD, WHOLE);
      assert.equal(describeFilters(picked, events, nodes), words);
      marks.push([await announce(events, wanted), expected]);
    }
    await sleep(1000);
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  test('nodes dealt out to several events run once each, and nobody else does', async () => {
    const names = fleet.agents.map(({ name }) => name);
    const sets = [names, names.filter((_, i) => i % 2 === 0), names.slice(3), names.slice(0, -1)];
    const marks: [mark: string, expected: readonly string[]][] = [];
    for (const wanted of sets) {
      for (const room of [40, 90]) {
        // An event whose payload leaves so little room.
        const others = [...nodes, { ...nodes[0]!, name: 'not wanted' }];
        const events = await exactFilters(wanted, others, EVENT_ROOM - room);
        assert.ok(events.length > 1);
        marks.push([await announce(events, wanted), wanted]);
      }
    }
    await sleep(1000);
    for (const [mark, expected] of marks) assert.deepEqual(await whoRan(mark), once(expected));
  });

  /** Runs a job that leaves a mark at every node each time it runs. */
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
