import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endAsInterrupted } from '../../../src/runs/history/interruptedRun.ts';
import { Run } from '../../../src/runs/run.ts';
import { sampleEvents, sampleInfo, T0 } from './sampleRun.ts';

describe('an interrupted run', () => {
  test('ends where its record does: no node is running or waiting any more', () => {
    const run = new Run(sampleInfo());
    for (const event of sampleEvents().slice(0, 14)) run.apply(event);
    endAsInterrupted(run);
    assert.equal(run.ledger.end, 'sessionLost');
    assert.equal(run.ledger.finishedAt, T0 + 2000);
    assert.match(run.ledger.reason ?? '', /^The run was interrupted: /);
    assert.deepEqual(run.ledger.counts, {
      ...{ failed: 0, lost: 4, noResponse: 0, unknown: 1, running: 0, waiting: 0, ok: 1 },
    });
  });

  test('keeps the end it had', () => {
    const run = new Run(sampleInfo());
    for (const event of sampleEvents()) run.apply(event);
    endAsInterrupted(run);
    assert.equal(run.ledger.end, 'quiet');
    assert.equal(run.ledger.reason, undefined);
  });

  test('that never began ends when it was created', () => {
    const run = new Run(sampleInfo());
    endAsInterrupted(run);
    assert.equal(run.ledger.finishedAt, T0);
  });
});
