import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Outage } from '../../../src/consul/http/outage.ts';

test('an outage is reported once it lasts, and its end at the next response', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const changes: (string | undefined)[] = [];
    const outage = new Outage((error) => changes.push(error?.message));
    outage.note(new Error('reset'));
    outage.note(undefined);
    mock.timers.tick(60_000);
    assert.deepEqual(changes, [undefined]);
    outage.note(new Error('refused'));
    mock.timers.tick(1000);
    outage.note(new Error('refused again'));
    mock.timers.tick(999);
    assert.deepEqual(changes, [undefined]);
    mock.timers.tick(1);
    assert.deepEqual(changes, [undefined, 'refused']);
    mock.timers.tick(60_000);
    outage.note(undefined);
    assert.deepEqual(changes, [undefined, 'refused', undefined]);
  } finally {
    mock.timers.reset();
  }
});
