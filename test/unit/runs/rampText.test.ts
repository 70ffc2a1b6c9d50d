import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ramp, type RampInput } from '../../../src/exec/ramp/ramp.ts';
import type { RampRule } from '../../../src/exec/ramp/rampRule.ts';
import {
  describeRule,
  holdMessage,
  rampEndMessage,
  rampLabel,
  skippedMessage,
} from '../../../src/runs/text/rampText.ts';

const RULE: RampRule = {
  budget: 2,
  counts: { failed: true, noResult: true, different: true },
  pauseMs: 20_000,
  asks: false,
};
const STEPS = [['a'], ['b', 'c', 'd', 'e'], ['f']];

function rampAfter(rule: Partial<RampRule>, ...inputs: readonly RampInput[]): Ramp {
  const ramp = new Ramp(STEPS, { ...RULE, ...rule });
  for (const input of inputs) ramp.apply(input, 1000);
  return ramp;
}

const begin: readonly RampInput[] = [{ kind: 'continue' }, { kind: 'started', skipped: [] }];
const end: RampInput = { kind: 'ended', how: 'complete' };
const failed = (node: string): RampInput => {
  return { kind: 'result', node, status: 'failed', differs: false };
};
const second: readonly RampInput[] = [...begin, end, { kind: 'continue' }];

test('a row shows how far the steps are', () => {
  assert.equal(rampLabel(rampAfter({}, ...begin), 0), 'step 1 of 3, continues on its own');
  const pausing = rampAfter({}, ...begin, end);
  assert.equal(rampLabel(pausing, 1000), 'step 1 of 3 · next in 20 s');
  assert.equal(rampLabel(pausing, 20_500), 'step 1 of 3 · next in 1 s');
  assert.equal(rampLabel(pausing, 99_000), 'step 1 of 3 · next in 1 s');
  const paused = rampAfter({}, ...begin, end, { kind: 'pause' });
  assert.equal(rampLabel(paused, 0), 'step 1 of 3 · paused');
  assert.equal(rampLabel(rampAfter({}, ...begin, { kind: 'stop' }), 0), 'step 1 of 3 · stopped');
  const asks = rampAfter({ asks: true }, ...begin, end);
  assert.equal(rampLabel(asks, 0), 'step 1 of 3 · waits for confirmation');
});

test('a spent budget is explained by what counts', () => {
  const spent = rampAfter(
    {},
    ...second,
    { kind: 'started', skipped: ['c'] },
    failed('b'),
    failed('d'),
    { kind: 'result', node: 'e', status: 'ok', differs: true },
  );
  assert.equal(
    rampEndMessage(spent),
    'Stopped after step 2 of 3: 2 failed, 1 with different output, the budget is 2.',
  );
  assert.equal(
    rampLabel(spent, 0),
    'stopped after step 2 of 3: 2 failed, 1 with different output, budget 2',
  );
  assert.equal(skippedMessage(spent), 'Skipped, because the catalog no longer lists them: c.');
});

test('the end of all steps shows the errors within the budget', () => {
  const started: RampInput = { kind: 'started', skipped: [] };
  const rest: readonly RampInput[] = [end, { kind: 'continue' }, started, end];
  const done = rampAfter({}, ...second, started, failed('b'), ...rest);
  assert.equal(
    rampEndMessage(done),
    'All 3 steps finished. Errors within the budget of 2: 1 failed.',
  );
  assert.equal(rampEndMessage(rampAfter({}, ...second, started, ...rest)), 'All 3 steps finished.');
});

test('a pause is explained', () => {
  const problem = 'The token was revoked.';
  assert.equal(
    holdMessage(rampAfter({}, ...second, { kind: 'notStarted', problem })),
    `Paused after step 1 of 3: ${problem}`,
  );
  const cut = rampAfter({}, ...begin, { kind: 'ended', how: 'cut' });
  assert.match(
    holdMessage(cut),
    /^Paused after step 1 of 3, because it lost contact with Consul\./,
  );
  const reloaded = Ramp.restore(rampAfter({}, ...begin).record);
  assert.match(
    holdMessage(reloaded),
    /^Paused after step 1 of 3, because the window was closed or/,
  );
  const unsure = Ramp.restore(rampAfter({}, ...second).record);
  assert.match(rampEndMessage(unsure), /^The window closed while step 2 of 3 started\./);
});

test('the rule is described in whole sentences', () => {
  assert.deepEqual(describeRule(RULE), [
    'Each later step starts on its own, 20 s after the one before.',
    'Nothing further starts when more than 2 nodes have errors.',
    'Failed nodes count as errors.',
    'Nodes with no response, lost, or not known count as errors.',
    'Nodes whose output differs from the first step count as errors.',
  ]);
  const second = (budget: number) => describeRule({ ...RULE, budget })[1];
  assert.equal(second(0), 'Nothing further starts after the first node with an error.');
  assert.equal(second(1), 'Nothing further starts when more than 1 node has errors.');
  const counts = { failed: false, noResult: false, different: false };
  assert.deepEqual(describeRule({ ...RULE, counts, pauseMs: 0 }), [
    'Each later step starts on its own as soon as the one before has finished.',
    'Errors do not stop the steps.',
  ]);
  assert.match(describeRule({ ...RULE, asks: true })[0] ?? '', /you confirm each later step/);
});
