import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Consul } from '../../src/consul/consul.ts';
import { type LockHolder, lockSteps, StepsLockedError } from '../../src/exec/ramp/stepsLock.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { consulAt } from './support/runs.ts';

describe('the lock of a service for runs in steps', () => {
  let fleet: Fleet;
  let consul: Consul;
  const holder = (user: string): LockHolder => ({ user, host: 'h', title: 'deploy.sh', since: 1 });
  const place = () => ({ consul, prefix: '_rexec', sessionNode: 'server-1' });

  before(async () => {
    fleet = await startFleet({ clients: [] });
    consul = consulAt(fleet.address);
  });
  after(async () => {
    await consul.close();
    await assertNothingLeft(fleet.address);
    await fleet.stop();
  });

  test('only one user has it, and the others learn who', async () => {
    const lease = await lockSteps(place(), ['web'], holder('alice'));
    await assert.rejects(lockSteps(place(), ['web'], holder('bob')), (error) => {
      assert.ok(error instanceof StepsLockedError);
      assert.deepEqual([error.service, error.holder], ['web', holder('alice')]);
      return true;
    });
    const other = await lockSteps(place(), ['db'], holder('bob'));
    await other.destroy();
    await lease.destroy();
    await (await lockSteps(place(), ['web'], holder('bob'))).destroy();
  });

  test('of several services, all are locked or none', async () => {
    const lease = await lockSteps(place(), ['b'], holder('alice'));
    await assert.rejects(lockSteps(place(), ['a', 'b'], holder('bob')), StepsLockedError);
    await (await lockSteps(place(), ['a'], holder('carol'))).destroy();
    await lease.destroy();
  });

  test('of two at the same moment, one gets it', async () => {
    for (let i = 0; i < 20; i++) {
      const tries = ['alice', 'bob', 'carol'].map((user) =>
        lockSteps(place(), ['web'], holder(user)),
      );
      const results = await Promise.allSettled(tries);
      const won = results.filter((result) => result.status === 'fulfilled');
      assert.equal(won.length, 1);
      await won[0]?.value.destroy();
    }
  });

  test('a window that was reloaded takes it up; without its session it must get it anew', async () => {
    const before = await lockSteps(place(), ['web'], holder('alice'));
    before.abandon();
    const taken = await lockSteps(place(), ['web'], holder('alice'), before.session);
    assert.equal(taken.session, before.session);
    await taken.destroy();
    const others = await lockSteps(place(), ['web'], holder('bob'));
    await assert.rejects(
      lockSteps(place(), ['web'], holder('alice'), before.session),
      StepsLockedError,
    );
    await others.destroy();
    const anew = await lockSteps(place(), ['web'], holder('alice'), before.session);
    assert.notEqual(anew.session, before.session);
    await anew.destroy();
  });

  test('any name of a service can be locked, and any value of a key is read', async () => {
    const odd = ['..', '.', 'a/b', 'a b', 'ü%2F', 'web?raw', '', '.lock'];
    const lease = await lockSteps(place(), odd, holder('alice'));
    const keys = (await (await fetch(`${fleet.address}/v1/kv/_rexec/steps/?keys`)).json()) as [];
    assert.equal(keys.length, odd.length);
    for (const name of odd) {
      await assert.rejects(lockSteps(place(), [name], holder('bob')), StepsLockedError);
    }
    // Another tool holds the key.
    const key = `${fleet.address}/v1/kv/_rexec/steps/web.lock?acquire=${lease.session}`;
    await fetch(key, { method: 'PUT', body: '{"user":1}' });
    await assert.rejects(lockSteps(place(), ['web'], holder('bob')), (error) => {
      assert.ok(error instanceof StepsLockedError);
      return error.holder === undefined;
    });
    await lease.destroy();
  });
});
