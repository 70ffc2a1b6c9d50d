import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import {
  OutputGrouping,
  type OutputGroup,
  largestGroup,
  markedGroup,
  mostCommonGroup,
} from '../../../src/runs/grouping/outputGrouping.ts';
import { groupByStatus } from '../../../src/runs/grouping/statusGroups.ts';
import { groupByService } from '../../../src/runs/grouping/serviceGroups.ts';
import type { IgnoredDifferences } from '../../../src/runs/grouping/ignoredDifferences.ts';
import { Run } from '../../../src/runs/run.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from './sampleRun.ts';

function runOf(targets: readonly string[], events: readonly RunEvent[]): Run {
  const run = new Run(sampleInfo({ targets }));
  for (const event of [started(targets), ...events]) run.apply(event);
  return run;
}

function groupsOf(run: Run): readonly OutputGroup[] {
  return run.groupings.exact.groups(run.ledger);
}

/** What each node writes, as chunks, and how it exits; undefined for no exit. */
const plan = fc
  .uniqueArray(fc.stringMatching(/^[a-c]-[0-9]{1,2}$/), { minLength: 1, maxLength: 12 })
  .chain((nodes) =>
    fc.tuple(
      ...nodes.map((node) =>
        fc.record({
          node: fc.constant(node),
          chunks: fc.array(fc.constantFrom('a', 'b', 'ab', '\n'), { maxLength: 3 }),
          code: fc.constantFrom(0, 0, 1, -1, undefined),
        }),
      ),
    ),
  );

/** Deals the nodes' own sequences out in an order of chance, each kept in itself. */
function interleave(
  sequences: readonly (readonly RunEvent[])[],
  picks: readonly number[],
): RunEvent[] {
  const rests = sequences.map((events) => [...events]);
  const dealt: RunEvent[] = [];
  for (let i = 0; rests.some(({ length }) => length > 0); i++) {
    const left = rests.filter(({ length }) => length > 0);
    dealt.push(left[(picks[i] ?? 0) % left.length]!.shift()!);
  }
  return dealt;
}

describe('groups by output', () => {
  test('are the same for every order of arrival and every cut into chunks', () => {
    fc.assert(
      fc.property(plan, fc.array(fc.nat(100)), fc.array(fc.nat(100)), (nodes, one, other) => {
        const events = (split: boolean) =>
          nodes.map(({ node, chunks, code }): RunEvent[] => [
            ...(split ? chunks : [chunks.join('')]).map((chunk) => wrote(node, chunk)),
            ...(code === undefined ? [] : [exited(node, code)]),
          ]);
        const names = nodes.map(({ node }) => node);
        const a = runOf(names, interleave(events(true), one));
        const b = runOf(names.toReversed(), interleave(events(false), other));
        const [groups, again] = [groupsOf(a), groupsOf(b)];
        // An empty chunk is a sign of life, so it may tell running from waiting, but never exits apart.
        const exits = (all: readonly OutputGroup[]) => all.filter(({ code }) => code !== undefined);
        assert.deepEqual(exits(groups), exits(again));
      }),
      { numRuns: 300 },
    );
  });

  test('hold every node once, and exactly those together whose bytes and codes are the same', () => {
    fc.assert(
      fc.property(plan, (nodes) => {
        const run = runOf(
          nodes.map(({ node }) => node),
          nodes.flatMap(({ node, chunks, code }) => [
            ...chunks.map((chunk) => wrote(node, chunk)),
            ...(code === undefined ? [] : [exited(node, code)]),
          ]),
        );
        const groups = groupsOf(run);
        const wanted = new Map(
          nodes.map(({ node, chunks, code }) => [
            node,
            code === undefined
              ? chunks.length > 0
                ? 'running'
                : 'waiting'
              : JSON.stringify([code, chunks.join('')]),
          ]),
        );
        const all = groups.flatMap((group) => group.nodes);
        assert.equal(all.length, nodes.length);
        assert.equal(new Set(all).size, nodes.length);
        assert.equal(groups.length, new Set(wanted.values()).size);
        for (const group of groups) {
          assert.equal(new Set(group.nodes.map((node) => wanted.get(node))).size, 1);
        }
        const sizes = groups.map((group) => group.nodes.length);
        assert.deepEqual(
          sizes,
          sizes.toSorted((a, b) => b - a),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('list the nodes as people count', () => {
    const names = ['web-10', 'web-2', 'web-1'];
    const run = runOf(
      names,
      names.flatMap((node) => exited(node, 0)),
    );
    assert.deepEqual(groupsOf(run)[0]?.nodes, ['web-1', 'web-2', 'web-10']);
  });

  test('put nodes that did not exit together by status, regardless of their output', () => {
    const run = runOf(
      ['a', 'b', 'c', 'd', 'e'],
      [wrote('a', 'x'), wrote('b', 'y'), { kind: 'lost', at: T0, node: 'c' }],
    );
    const shown = () => groupsOf(run).map(({ status, nodes }) => `${status}: ${nodes.join()}`);
    assert.deepEqual(shown(), ['running: a,b', 'waiting: d,e', 'lost: c']);
    run.apply({ kind: 'finished', at: T0, end: 'quiet' });
    assert.deepEqual(shown(), ['lost: a,b,c', 'noResponse: d,e']);
  });

  test('tell a node that wrote nothing from one that did', () => {
    const run = runOf(['a', 'b'], [exited('a', 0), wrote('b', '\n'), exited('b', 0)]);
    assert.equal(groupsOf(run).length, 2);
  });

  test('set a node apart that writes on after its exit', () => {
    const twice = ['a', 'b'].flatMap((node) => [wrote(node, 'x'), exited(node, 0)]);
    const run = runOf(['a', 'b'], [...twice, wrote('b', 'x')]);
    assert.equal(groupsOf(run).length, 2);
  });

  test('know such a node by the same id, however its output was cut', () => {
    for (const before of [[], [wrote('a', 'w')]]) {
      const [id, ...others] = [['xyz'], ['x', 'yz'], ['xy', 'z']].map((pieces) => {
        const more = pieces.map((piece) => wrote('a', piece));
        return groupsOf(runOf(['a'], [...before, exited('a', 0), ...more]))[0]?.id;
      });
      assert.deepEqual(others, [id, id]);
    }
  });

  const same = async (ignored: IgnoredDifferences, one: string, other: string) => {
    const run = runOf(
      ['web-1', 'web-10.example'],
      [
        wrote('web-1', one),
        wrote('web-10.example', other),
        exited('web-1', 0),
        exited('web-10.example', 0),
      ],
    );
    const grouping = await run.groupings.ignoring(ignored);
    return grouping.groups(run.ledger).length === 1;
  };

  test('ignore space at the ends of lines and empty lines at the end, when told to', async () => {
    assert.ok(await same({ trailingSpace: true }, 'a  \nb\t\n\n\n', 'a\nb'));
    assert.ok(!(await same({ trailingSpace: true }, 'a\n\nb', 'a\nb')));
    assert.ok(!(await same({ trailingSpace: true }, '  a', 'a')));
    assert.ok(!(await same({}, 'a', 'a\n')));
  });

  test('ignore dates and times, when told to, and no other numbers', async () => {
    for (const [one, other] of [
      ['at 2026-02-03T04:05:06.123Z ok', 'at 2026-12-31T23:59:59.9Z ok'],
      ['2026-02-03 04:05:06,123 INFO', '2026-02-04 14:05:06,9 INFO'],
      ['Tue Feb  3 04:05:06 UTC 2026', 'Wed Feb 14 14:05:06 UTC 2026'],
      ['Feb  3 04:05:06 host sshd', 'Mar 13 14:05:06 host sshd'],
      ['03/Feb/2026:04:05:06 +0000 GET', '13/Mar/2026:14:05:06 +0100 GET'],
      [' 04:05:06 up 3 days', ' 14:15:16 up 3 days'],
      ['Tue, 3 Feb 2026 04:05:06 +0000', 'Fri, 13 Mar 2026 14:05:06 +0000'],
    ] as const) {
      assert.ok(await same({ timestamps: true }, one, other), `${one} / ${other}`);
      assert.ok(!(await same({}, one, other)));
    }
    assert.ok(!(await same({ timestamps: true }, 'up 3 days', 'up 4 days')));
    assert.ok(!(await same({ timestamps: true }, '1073741824', '1073741825')));
  });

  test("ignore a node's own name as a word, in full, short and in any case, when told to", async () => {
    assert.ok(await same({ ownName: true }, 'I am web-1!', 'I am web-10.example!'));
    assert.ok(await same({ ownName: true }, 'host=WEB-1', 'host=web-10'));
    assert.ok(!(await same({ ownName: true }, 'see web-100', 'see web-101')));
    assert.ok(!(await same({ ownName: true }, 'x', 'y')));
  });

  test("ignore a node's own name without its datacenter, in a run over several", async () => {
    const targets = ['web-1.x@dc1', 'web-2.x@dc2'];
    const run = new Run(sampleInfo({ targets, datacenters: ['dc1', 'dc2'] }));
    run.apply(started(targets));
    for (const label of targets) {
      const [name = ''] = label.split('@');
      run.apply(wrote(label, `I am ${name}, ${name.replace('.x', '')} for short`));
      run.apply(exited(label, 0));
    }
    const grouping = await run.groupings.ignoring({ ownName: true });
    assert.equal(grouping.groups(run.ledger).length, 1);
  });

  test('keep every difference that was not to be ignored', async () => {
    const bytes = (...values: number[]) => Buffer.from(values).toString('latin1');
    for (const [one, other] of [
      ['x', 'x\n'],
      ['x\n', 'x\r\n'],
      ['x', 'x '],
      [bytes(0xff), bytes(0xfe)],
    ] as const) {
      const run = runOf(
        ['a', 'b'],
        [
          wrote('a', Buffer.from(one, 'latin1')),
          wrote('b', Buffer.from(other, 'latin1')),
          exited('a', 0),
          exited('b', 0),
        ],
      );
      for (const ignored of [{ timestamps: true }, { ownName: true }]) {
        const groups = (await run.groupings.ignoring(ignored)).groups(run.ledger);
        assert.equal(groups.length, 2, JSON.stringify([one, other, ignored]));
      }
    }
  });

  test('do not depend on chunks when lines are very long', async () => {
    const line = `${'y'.repeat(3 * 1024 * 1024 - 4)} 04:05:06 \n`;
    const cut = (size: number) =>
      Array.from({ length: Math.ceil(line.length / size) }, (_, i) =>
        line.slice(i * size, (i + 1) * size),
      );
    const chunks = { a: [line], b: cut(4096), c: cut(700_000), d: cut(1024 * 1024) };
    const run = runOf(
      Object.keys(chunks),
      Object.entries(chunks).flatMap(([node, texts]) => [
        ...texts.map((text) => wrote(node, text)),
        exited(node, 0),
      ]),
    );
    for (const ignored of [{ timestamps: true }, { trailingSpace: true }]) {
      const grouping = await run.groupings.ignoring(ignored);
      assert.equal(grouping.groups(run.ledger).length, 1, JSON.stringify(ignored));
    }
  });

  test('that ignore something hold what came in since, and while they were made', async () => {
    const run = runOf(['a', 'b', 'c', 'd'], [wrote('a', '04:05:06 '), wrote('b', '04:05:07 ')]);
    const making = run.groupings.ignoring({ timestamps: true });
    run.apply(wrote('a', 'x'));
    const grouping = await making;
    run.apply(wrote('b', 'x'));
    for (const event of [wrote('c', '14:15:16 x'), wrote('d', '14:15:16 y')]) run.apply(event);
    for (const node of ['a', 'b', 'c', 'd']) run.apply(exited(node, 0));
    const nodes = grouping.groups(run.ledger).map((group) => group.nodes.join());
    assert.deepEqual(nodes, ['a,b,c', 'd']);
    assert.equal(await run.groupings.ignoring({ timestamps: true }), grouping);
  });

  test('digest text cut inside a character the same as whole', () => {
    const bytes = Buffer.from('naïve – ünïcode\nzwei\n');
    fc.assert(
      fc.property(fc.nat(bytes.length), (cut) => {
        const grouping = new OutputGrouping({ timestamps: true });
        const run = runOf(['a', 'b'], [exited('a', 0), exited('b', 0)]);
        grouping.append('a', bytes);
        grouping.append('b', bytes.subarray(0, cut));
        grouping.append('b', bytes.subarray(cut));
        assert.equal(grouping.groups(run.ledger).length, 1);
      }),
    );
  });
});

describe('the largest group', () => {
  const group = (nodes: [string, ...string[]], code?: number): OutputGroup => ({
    id: nodes.join(),
    status: code === 0 ? 'ok' : code === undefined ? 'lost' : 'failed',
    nodes,
    ...(code === undefined ? {} : { code }),
  });

  test('has the most nodes that exited, then the better code, then the first name', () => {
    const failed = group(['a', 'b', 'c'], 1);
    const killed = group(['d', 'e', 'f', 'g'], -1);
    const lost = group(['h', 'i', 'j', 'k', 'l']);
    const small = group(['m'], 0);
    const late = group(['z', 'y'], 0);
    const first = group(['n', 'o'], 0);
    assert.equal(largestGroup([lost, failed, small, late, first, killed]), killed);
    assert.equal(largestGroup([lost, failed, small, late, first]), failed);
    assert.equal(largestGroup([lost, late, small, first]), first);
    assert.equal(largestGroup([small, group(['b'], 1)]), small);
    assert.equal(largestGroup([lost]), undefined);
  });

  test('is the most common one unless another has as many nodes', () => {
    const [two, one] = [group(['a', 'b'], 1), group(['c'], 0)];
    const lost: OutputGroup = { id: 'lost', status: 'lost', nodes: ['x', 'y'] };
    assert.equal(mostCommonGroup([lost, two, one]), two);
    assert.equal(mostCommonGroup([two, group(['d', 'e'], 0), one]), undefined);
    assert.equal(mostCommonGroup([one]), one);
    assert.equal(mostCommonGroup([lost]), undefined);
  });

  test('is told of only where it is one', () => {
    const most = group(['a', 'b'], 1);
    const other = group(['c'], 0);
    assert.equal(markedGroup([most, other]), most);
    assert.equal(markedGroup([most]), undefined);
    assert.equal(markedGroup([other, group(['d'], 1)]), undefined);
    assert.equal(markedGroup([most, other, group(['d', 'e'], 0)]), undefined);
  });
});

describe('groups by status and by service', () => {
  const run = new Run(sampleInfo());
  for (const event of sampleEvents()) run.apply(event);

  test('by status have the worst first', () => {
    const shown = groupByStatus(run.ledger).map(
      ({ status, results }) => `${status}: ${results.map(({ node }) => node).join()}`,
    );
    assert.deepEqual(shown, [
      'failed: web-2,db-1',
      'lost: db-2',
      'noResponse: cache-1',
      'ok: web-1,web-10,stranger-1',
    ]);
  });

  test('by service show a node under each of its services, and the rest last', () => {
    const services = { web: ['web-1', 'web-2', 'gone'], api: ['web-1'], none: [] };
    const shown = groupByService(run.ledger, services).map(
      ({ service, results }) => `${service ?? '-'}: ${results.map(({ node }) => node).join()}`,
    );
    assert.deepEqual(shown, [
      'api: web-1',
      'web: web-1,web-2',
      '-: web-10,db-1,db-2,cache-1,stranger-1',
    ]);
  });
});
