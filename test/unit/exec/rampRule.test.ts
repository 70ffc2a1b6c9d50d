import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DurationError } from '../../../src/consul/duration.ts';
import { parseBudget, parsePause, RampRuleError } from '../../../src/exec/ramp/rampRule.ts';

test('a budget is a count, or a percentage that is rounded down', () => {
  assert.equal(parseBudget('0', 14), 0);
  assert.equal(parseBudget(' 2 ', 14), 2);
  assert.equal(parseBudget('10%', 50), 5);
  assert.equal(parseBudget('10%', 3), 0);
  assert.equal(parseBudget('34 %', 3), 1);
  assert.equal(parseBudget('100%', 3), 3);
  assert.equal(parseBudget('50%', 1), 0);
  assert.equal(parseBudget('1', 1), 1);
});

test('an invalid budget is quoted in the error', () => {
  for (const text of ['', '-1', 'one', '1.5', '2.5%', '%', '1e3', '1 2', '٣']) {
    const message = `"${text}" is not a valid budget. Enter a count or a percentage. Examples: 0, 2, 5%.`;
    assert.throws(() => parseBudget(text, 14), new RampRuleError(message));
  }
  for (const text of ['15', '101%']) {
    assert.throws(
      () => parseBudget(text, 14),
      new RampRuleError(`"${text}" is more than all nodes.`),
    );
  }
});

test('a pause is a duration of at most a day', () => {
  assert.equal(parsePause('30s'), 30_000);
  assert.equal(parsePause('0'), 0);
  assert.equal(parsePause('24h'), 86_400_000);
  assert.throws(
    () => parsePause('25h'),
    new RampRuleError('The pause "25h" is too long. Use at most 24h.'),
  );
  for (const text of ['', '-5s', '30', 'soon'])
    assert.throws(() => parsePause(text), DurationError);
});
