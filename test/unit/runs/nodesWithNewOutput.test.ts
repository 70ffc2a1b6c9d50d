import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodesWithNewOutput } from '../../../src/runs/grouping/nodesWithNewOutput.ts';
import { OutputGrouping, type OutputGroup } from '../../../src/runs/grouping/outputGrouping.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';

/** What nodes wrote and exited with, as a run knows it; undefined: no answer. */
function groupsOf(
  answers: Readonly<Record<string, readonly [output: string, code: number] | undefined>>,
): readonly OutputGroup[] {
  const ledger = new Ledger();
  const grouping = new OutputGrouping();
  ledger.apply({
    kind: 'started',
    at: 0,
    sessions: [{ datacenter: 'dc1', session: 's' }],
    prefix: '_rexec',
    heartbeatMs: 1000,
    targets: Object.keys(answers),
  });
  for (const [node, answer] of Object.entries(answers)) {
    if (!answer) continue;
    const [output, code] = answer;
    grouping.append(node, Buffer.from(output));
    ledger.apply({ kind: 'exited', at: 1, node, code });
    grouping.end(node);
  }
  return grouping.groups(ledger);
}

test('nodes that wrote or exited as none did before', () => {
  const before = groupsOf({ a: ['done', 0], b: ['no space', 1], c: undefined });
  const now = groupsOf({
    d: ['done', 0],
    e: ['no space', 1],
    f: ['no space', 0],
    g: ['other', 0],
    h: undefined,
  });
  assert.deepEqual(nodesWithNewOutput(now, before).toSorted(), ['f', 'g']);
  assert.deepEqual(nodesWithNewOutput(before, before), []);
});
