import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Consul } from '../../src/consul/consul.ts';
import { SessionLease } from '../../src/exec/attempt/sessionLease.ts';
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
    const adopted = SessionLease.adopt(consul, before.session);
    assert.equal(await lockSteps(place(), ['web'], holder('alice'), adopted), adopted);
    await assert.rejects(lockSteps(place(), ['web'], holder('bob')), StepsLockedError);
    await adopted.destroy();
    const others = await lockSteps(place(), ['web'], holder('bob'));
    const late = SessionLease.adopt(consul, before.session);
    await assert.rejects(lockSteps(place(), ['web'], holder('alice'), late), StepsLockedError);
    await others.destroy();
    const anew = await lockSteps(place(), ['web'], holder('alice'), late);
    assert.notEqual(anew.session, before.session);
    late.abandon();
    await anew.destroy();
  });

  test('a lock whose key was deleted is noticed before the next step', async () => {
    const alice = await lockSteps(place(), ['web'], holder('alice'));
    await fetch(`${fleet.address}/v1/kv/_rexec/steps/web.lock`, { method: 'DELETE' });
    const bob = await lockSteps(place(), ['web'], holder('bob'));
    await assert.rejects(lockSteps(place(), ['web'], holder('alice'), alice), StepsLockedError);
    await bob.destroy();
    assert.equal(await lockSteps(place(), ['web'], holder('alice'), alice), alice);
    await assert.rejects(lockSteps(place(), ['web'], holder('bob')), StepsLockedError);
    await alice.destroy();
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
    for (const body of ['{"user":1}', '', JSON.stringify({ ...holder('eve'), since: 1e308 })]) {
      await fetch(key, { method: 'PUT', body });
      await assert.rejects(lockSteps(place(), ['web'], holder('bob')), (error) => {
        assert.ok(error instanceof StepsLockedError);
        return error.holder === undefined;
      });
    }
    await lease.destroy();
  });
});
