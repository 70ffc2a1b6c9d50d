import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ramp, type RampInput, type RampRecord } from '../../../src/exec/ramp/ramp.ts';
import type { RampRule } from '../../../src/exec/ramp/rampRule.ts';

const ALL = { failed: true, noResult: true, different: true };
const rule = (changes: Partial<RampRule> = {}): RampRule => ({
  budget: 0,
  counts: ALL,
  pauseMs: 0,
  asks: false,
  ...changes,
});
const ok = (node: string, differs = false): RampInput => {
  return { kind: 'result', node, status: 'ok', differs };
};
const failed = (node: string): RampInput => {
  return { kind: 'result', node, status: 'failed', differs: false };
};
const started: RampInput = { kind: 'started', skipped: [] };
const complete: RampInput = { kind: 'ended', how: 'complete' };

/** Applies inputs at time 0. @returns the steps that were started */
function apply(ramp: Ramp, ...inputs: readonly RampInput[]): number[] {
  return inputs.flatMap((input) => ramp.apply(input, 0) ?? []);
}

test('steps follow each other until all have run', () => {
  const ramp = new Ramp([['a'], ['b', 'c'], ['d']], rule());
  assert.deepEqual(ramp.phase, { kind: 'held', hold: { why: 'planned' } });
  assert.deepEqual(apply(ramp, { kind: 'clock' }), []);
  assert.deepEqual(apply(ramp, { kind: 'continue' }, started, ok('a')), [1]);
  assert.deepEqual(apply(ramp, complete), [2]);
  assert.deepEqual(apply(ramp, started, ok('b'), ok('c'), complete), [3]);
  assert.deepEqual(ramp.phase, { kind: 'running', step: 3 });
  assert.deepEqual(apply(ramp, started, ok('d'), complete), []);
  assert.deepEqual(ramp.phase, { kind: 'ended', end: 'done' });
});

test('a budget of 0 is spent by the first node that counts, and nothing starts after that', () => {
  const ramp = new Ramp([['a'], ['b', 'c'], ['d']], rule());
  apply(ramp, { kind: 'continue' }, started, ok('a'), complete, started, failed('b'));
  assert.deepEqual(ramp.phase, { kind: 'ended', end: 'budget' });
  assert.equal(ramp.isRunning, true);
  assert.deepEqual(apply(ramp, ok('c'), complete, { kind: 'continue' }, { kind: 'clock' }), []);
  assert.equal(ramp.isRunning, false);
  assert.deepEqual(ramp.waiting, ['d']);
});

test('at the threshold the steps continue; one more stops them', () => {
  const ramp = new Ramp([['a', 'b', 'c'], ['d']], rule({ budget: 2 }));
  apply(ramp, { kind: 'continue' }, started, failed('a'), failed('b'));
  assert.equal(ramp.spent, 2);
  assert.deepEqual(ramp.phase, { kind: 'running', step: 1 });
  apply(ramp, failed('c'));
  assert.deepEqual(ramp.phase, { kind: 'ended', end: 'budget' });
});

test('each reason can be switched off', () => {
  const results: readonly RampInput[] = [
    failed('a'),
    { kind: 'result', node: 'b', status: 'noResponse', differs: false },
    { kind: 'result', node: 'c', status: 'lost', differs: false },
    { kind: 'result', node: 'd', status: 'unknown', differs: false },
    ok('e', true),
  ];
  const spent = (counts: Partial<RampRule['counts']>) => {
    const ramp = new Ramp(
      [['a', 'b', 'c', 'd', 'e'], ['f']],
      rule({ counts: { ...ALL, ...counts }, budget: 5 }),
    );
    apply(ramp, { kind: 'continue' }, started, ...results);
    return ramp.spent;
  };
  assert.equal(spent({}), 5);
  assert.equal(spent({ failed: false }), 4);
  assert.equal(spent({ noResult: false }), 2);
  assert.equal(spent({ different: false }), 4);
  assert.equal(spent({ failed: false, noResult: false, different: false }), 0);
});

test('a lost node that is heard from again no longer counts, but a spent budget stays spent', () => {
  const lost: RampInput = { kind: 'result', node: 'a', status: 'lost', differs: false };
  const ramp = new Ramp([['a', 'b'], ['c']], rule({ budget: 1 }));
  apply(ramp, { kind: 'continue' }, started, lost, ok('a'), failed('b'));
  assert.equal(ramp.spent, 1);
  const strict = new Ramp([['a', 'b'], ['c']], rule());
  assert.deepEqual(
    apply(strict, { kind: 'continue' }, started, lost, ok('a'), ok('b'), complete),
    [1],
  );
  assert.deepEqual(strict.phase, { kind: 'ended', end: 'budget' });
});

test('the pause between steps is over when the clock says so, or when the user continues', () => {
  const ramp = new Ramp([['a'], ['b'], ['c']], rule({ pauseMs: 1000 }));
  ramp.apply({ kind: 'continue' }, 5);
  apply(ramp, started, ok('a'));
  assert.equal(ramp.apply(complete, 10), undefined);
  assert.deepEqual(ramp.phase, { kind: 'pausing', until: 1010 });
  assert.equal(ramp.apply({ kind: 'clock' }, 1009), undefined);
  assert.equal(ramp.apply({ kind: 'clock' }, 1010), 2);
  apply(ramp, started, ok('b'));
  ramp.apply(complete, 2000);
  assert.equal(ramp.apply({ kind: 'pause' }, 2001), undefined);
  assert.equal(ramp.apply({ kind: 'clock' }, 9999), undefined);
  assert.equal(ramp.apply({ kind: 'continue' }, 9999), 3);
});

test('Pause lets a running step end; Stop does too, and is final', () => {
  const ramp = new Ramp([['a'], ['b'], ['c']], rule());
  apply(ramp, { kind: 'continue' }, started, { kind: 'pause' });
  assert.deepEqual(apply(ramp, ok('a'), complete), []);
  assert.deepEqual(ramp.phase, { kind: 'held', hold: { why: 'user' } });
  assert.deepEqual(apply(ramp, { kind: 'continue' }), [2]);
  apply(ramp, started, { kind: 'stop' });
  assert.deepEqual(apply(ramp, ok('b'), complete, { kind: 'continue' }), []);
  assert.deepEqual(ramp.phase, { kind: 'ended', end: 'user' });
});

test('a step that is being started begins only if it was not paused or stopped meanwhile', () => {
  for (const kind of ['pause', 'stop'] as const) {
    const ramp = new Ramp([['a'], ['b']], rule());
    apply(ramp, { kind: 'continue' }, started, ok('a'), complete);
    assert.equal(ramp.canBegin, true);
    apply(ramp, { kind });
    assert.equal(ramp.canBegin, false);
    apply(ramp, { kind: 'notStarted' });
    assert.deepEqual(ramp.waiting, ['b']);
  }
});

test('a problem pauses, and the same step can be tried again', () => {
  const ramp = new Ramp([['a'], ['b']], rule());
  apply(ramp, { kind: 'continue' }, started, ok('a'), complete);
  apply(ramp, { kind: 'notStarted', problem: 'The token was refused.' });
  const hold = { why: 'problem', problem: 'The token was refused.' };
  assert.deepEqual(ramp.phase, { kind: 'held', hold });
  assert.deepEqual(apply(ramp, { kind: 'continue' }), [2]);
});

test('a run that was stopped stops the ramp; one that lost Consul pauses it', () => {
  const ramp = new Ramp([['a'], ['b']], rule({ budget: 2 }));
  apply(ramp, { kind: 'continue' }, started, { kind: 'ended', how: 'stopped' });
  assert.deepEqual(ramp.phase, { kind: 'ended', end: 'user' });
  const cut = new Ramp([['a'], ['b']], rule({ budget: 2 }));
  apply(cut, { kind: 'continue' }, started, { kind: 'ended', how: 'cut' });
  assert.deepEqual(cut.phase, { kind: 'held', hold: { why: 'cut' } });
});

test('where every step is confirmed, none starts on its own', () => {
  const ramp = new Ramp([['a'], ['b']], rule({ asks: true }));
  assert.deepEqual(apply(ramp, { kind: 'continue' }, started, ok('a'), complete), [1]);
  assert.deepEqual(ramp.phase, { kind: 'held', hold: { why: 'asks' } });
  assert.deepEqual(apply(ramp, { kind: 'clock' }), []);
  assert.deepEqual(apply(ramp, { kind: 'continue' }), [2]);
});

test('a restored ramp waits for the user; a step that was being started does not start again', () => {
  const ramp = new Ramp([['a'], ['b'], ['c']], rule({ budget: 1 }));
  apply(ramp, { kind: 'continue' }, started, failed('a'), complete);
  const starting = Ramp.restore(ramp.record);
  assert.deepEqual(starting.phase, { kind: 'ended', end: 'unsure' });
  assert.deepEqual(apply(starting, { kind: 'continue' }), []);
  apply(ramp, started);
  const running = reload(ramp);
  assert.deepEqual(running.phase, { kind: 'held', hold: { why: 'reload' } });
  assert.deepEqual(apply(running, ok('b'), complete), []);
  assert.deepEqual(apply(running, { kind: 'continue' }), [3]);
  assert.equal(running.spent, 1);
});

/** The ramp after a reload, from what was saved. */
function reload({ record }: Ramp): Ramp {
  return Ramp.restore(JSON.parse(JSON.stringify(record)) as RampRecord);
}

/** A generator of random numbers that a seed determines (mulberry32). */
function randomOf(seed: number) {
  let state = seed;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** What the schedule did, as seen from outside. */
interface Seen {
  /** How often the job was started on each node. */
  readonly starts: Map<string, number>;
  readonly skipped: Set<string>;
  /** The latest result of each node. */
  readonly results: Map<string, Extract<RampInput, { kind: 'result' }>>;
  /** Nodes in flight when the budget was spent, with the one that spent it. */
  inFlightWhenSpent: number | undefined;
}

const STATUSES = ['pending', 'ok', 'ok', 'ok', 'failed', 'lost', 'unknown', 'noResponse'] as const;

/** Makes one random plan, and drives it with random inputs until nothing more happens. */
function playSchedule(seed: number): { readonly ramp: Ramp; readonly seen: Seen } {
  const random = randomOf(seed);
  const chance = (percent: number) => random(100) < percent;
  const sizes = Array.from({ length: 1 + random(6) }, () => 1 + random(5));
  let number = 0;
  const steps = sizes.map((size) => Array.from({ length: size }, () => `n${number++}`));
  let ramp = new Ramp(
    steps,
    rule({
      budget: chance(40) ? 0 : random(number + 1),
      counts: { failed: chance(80), noResult: chance(80), different: chance(80) },
      pauseMs: chance(50) ? 0 : 1 + random(50),
      asks: chance(20),
    }),
  );
  const seen: Seen = {
    starts: new Map(),
    skipped: new Set(),
    results: new Map(),
    inFlightWhenSpent: undefined,
  };
  const trouble = random(20);
  let now = 0;
  const send = (input: RampInput) => {
    const [wasEnded, inFlight] = [ramp.phase.kind === 'ended', ramp.inFlight.size];
    const step = ramp.apply(input, now);
    if (ramp.spent > ramp.rule.budget) seen.inFlightWhenSpent ??= inFlight;
    if (step === undefined) return;
    assert.equal(wasEnded, false, 'a step starts after the end');
    assert.equal(step, ramp.step);
    begin(step);
  };
  const begin = (step: number) => {
    // The checks before a start take time.
    if (chance(trouble)) send({ kind: chance(50) ? 'pause' : 'stop' });
    if (!ramp.canBegin || chance(trouble)) {
      send(ramp.canBegin ? { kind: 'notStarted', problem: 'x' } : { kind: 'notStarted' });
      return;
    }
    const nodes = steps[step - 1] ?? [];
    const gone = nodes.filter(() => chance(trouble));
    for (const node of gone) seen.skipped.add(node);
    for (const node of nodes) {
      if (!gone.includes(node)) seen.starts.set(node, (seen.starts.get(node) ?? 0) + 1);
    }
    send({ kind: 'started', skipped: gone });
  };
  const report = (node: string, final: boolean) => {
    const status = STATUSES[final ? 1 + random(STATUSES.length - 1) : random(STATUSES.length)];
    assert.ok(status);
    const result = { kind: 'result', node, status, differs: chance(15) } as const;
    if (seen.starts.has(node)) seen.results.set(node, result);
    send(result);
  };
  send({ kind: 'continue' });
  for (let turn = 0; turn < 400; turn++) {
    now += random(20);
    const { phase } = ramp;
    if (phase.kind === 'ended' && !ramp.isRunning) break;
    if (chance(trouble)) {
      const kinds = ['pause', 'continue', 'clock', 'stop'] as const;
      send({ kind: kinds[random(chance(80) ? 3 : 4)] ?? 'clock' });
    } else if (chance(3)) {
      ramp = reload(ramp);
      // As when the run is opened again.
      for (const result of seen.results.values()) send(result);
    } else if (ramp.isRunning) {
      const isOpen = (node: string) =>
        /pending|lost/.test(seen.results.get(node)?.status ?? 'pending');
      const open = (steps[ramp.step - 1] ?? []).filter(
        (node) => seen.starts.has(node) && isOpen(node),
      );
      // Now and then a node that has no part in this.
      const node = chance(2) ? `n${number - 1}` : open[random(open.length)];
      if (node !== undefined && chance(80)) {
        if (isOpen(node)) report(node, false);
        continue;
      }
      for (const rest of open) report(rest, true);
      const how = chance(trouble) ? (chance(50) ? 'cut' : 'stopped') : 'complete';
      send({ kind: 'ended', how });
    } else send({ kind: phase.kind === 'held' ? 'continue' : 'clock' });
  }
  return { ramp, seen };
}

function countOf({ rule: { counts } }: Ramp, { results }: Seen): number {
  return [...results.values()].filter(({ status, differs }) => {
    if (status === 'failed' && counts.failed) return true;
    if (status === 'failed' || status === 'ok') return differs && counts.different;
    return status !== 'pending' && counts.noResult;
  }).length;
}

test('10,000 random schedules: the budget holds, and every node is accounted for', () => {
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= 10_000; seed++) {
    const { ramp, seen } = playSchedule(seed);
    const where = `seed ${seed}`;
    const all = ramp.steps.flat();
    assert.ok(
      [...seen.starts.values()].every((count) => count === 1),
      `${where}: started twice`,
    );
    const accounts = [...seen.starts.keys(), ...seen.skipped, ...ramp.waiting];
    assert.deepEqual(accounts.toSorted(), all.toSorted(), `${where}: not accounted for`);
    assert.equal(ramp.spent, countOf(ramp, seen), where);
    assert.ok(
      ramp.spent <= ramp.rule.budget + (seen.inFlightWhenSpent ?? 0),
      `${where}: ${ramp.spent} count, the budget is ${ramp.rule.budget}`,
    );
    const { phase } = ramp;
    assert.ok(phase.kind === 'ended', where);
    if (phase.end === 'done') assert.deepEqual(ramp.waiting, [], where);
    ends.set(phase.end, (ends.get(phase.end) ?? 0) + 1);
  }
  // Otherwise the schedules would show little.
  for (const end of ['done', 'budget', 'user']) assert.ok((ends.get(end) ?? 0) > 1000, end);
});
