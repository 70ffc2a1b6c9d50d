import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { History, RunNotFoundError, RESUMABLE_MS } from '../../../../src/runs/history/history.ts';
import { RecordError } from '../../../../src/runs/history/record.ts';
import { Resumption } from '../../../../src/runs/history/resumption.ts';
import type { Run } from '../../../../src/runs/run.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../setup/temporaryFolder.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from '../sampleRun.ts';

async function text(run: Run, node: string): Promise<string> {
  return Buffer.from(await run.output.read(node)).toString();
}

describe('history', () => {
  let folder: TemporaryFolder;
  let history: History;
  beforeEach(() => {
    folder = temporaryFolder('history');
    history = new History(join(folder.path, 'runs'));
  });
  afterEach(() => folder.remove());

  async function keep(more: Parameters<typeof sampleInfo>[0] = {}): Promise<Run> {
    const run = await history.create(sampleInfo({ id: randomUUID(), ...more }));
    for (const event of sampleEvents()) run.apply(event);
    await history.finish(run);
    return run;
  }

  const ids = async () => (await history.list()).entries.map(({ info }) => info.id);

  test('gives a run back as it was: facts, ledger, output, groups', async () => {
    const parameters = [{ name: 'version', value: "'; rm -rf / #\r\n🦊" }];
    const file = '/home/me/scripts/check.sh';
    const place = { file: '/home/me/disk.md', line: 12 };
    const run = await keep({ file, place, outputCap: 1e6, isProduction: true, parameters });
    const loaded = await new History(join(folder.path, 'runs')).load(run.info.id);
    assert.deepEqual(loaded.info, run.info);
    assert.deepEqual([...loaded.ledger.nodes], [...run.ledger.nodes]);
    assert.deepEqual(loaded.ledger.warnings, run.ledger.warnings);
    assert.equal(loaded.ledger.end, 'quiet');
    assert.deepEqual(
      loaded.groupings.exact.groups(loaded.ledger),
      run.groupings.exact.groups(run.ledger),
    );
    for (const { node } of run.ledger.nodes) {
      assert.deepEqual(
        Buffer.from(await loaded.output.read(node)),
        Buffer.from(await run.output.read(node)),
      );
    }
    loaded.output.release();
    assert.equal(await text(loaded, 'stranger-1'), '@SUM(1)\n');
    await loaded.close();
  });

  test('lists runs newest first with what became of them, without opening their output', async () => {
    const old = await keep({ createdAt: T0 - 1000 });
    const young = await keep({ createdAt: T0 });
    const { entries, problems } = await history.list();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      entries.map(({ info }) => info.id),
      [young.info.id, old.info.id],
    );
    const [entry] = entries;
    assert.deepEqual(entry?.outcome?.counts, young.ledger.counts);
    assert.equal(entry.outcome.bytes, young.output.bytes);
    assert.equal(entry.claimed, false);
    assert.ok(entry.bytes > young.output.bytes);
  });

  test('keeps each run in three files, with no name from outside among them', async () => {
    const run = await keep();
    assert.deepEqual(await readdir(join(folder.path, 'runs')), [run.info.id]);
    assert.deepEqual((await readdir(join(folder.path, 'runs', run.info.id))).sort(), [
      'journal',
      'run.json',
    ]);
  });

  test('renames and pins, seen by another window, and lost by neither', async () => {
    const { info } = await keep();
    const other = new History(join(folder.path, 'runs'));
    await Promise.all([history.rename(info.id, 'Before the upgrade'), other.pin(info.id, true)]);
    const [entry] = (await other.list()).entries;
    assert.equal(entry?.info.title, 'Before the upgrade');
    assert.equal(entry.pinned, true);
    await history.rename(info.id, undefined);
    await history.pin(info.id, false);
    const [again] = (await other.list()).entries;
    assert.equal(again?.info.title, info.title);
    assert.equal(again.pinned, false);
    await assert.rejects(history.pin(randomUUID(), true), RunNotFoundError);
  });

  test('deletes a run with all that belongs to it', async () => {
    const { info } = await keep();
    await history.delete(info.id);
    assert.deepEqual(await readdir(join(folder.path, 'runs')), []);
    await assert.rejects(history.load(info.id), RunNotFoundError);
    await history.delete(info.id);
  });

  test('takes no id that is none for part of a path', async () => {
    for (const id of ['..', '../..', '', 'a/b', 'run.json']) {
      await assert.rejects(history.load(id), RunNotFoundError);
      await assert.rejects(history.delete(id), RunNotFoundError);
    }
  });

  test('is empty where nothing was ever kept', async () => {
    assert.deepEqual(await history.list(), { entries: [], problems: [] });
    assert.deepEqual(await history.prune({ runs: 0 }), []);
  });

  test('picks up a run that a reload interrupted, and ends it as if nothing had been', async () => {
    const info = sampleInfo();
    const run = await history.create(info);
    const events = sampleEvents();
    for (const event of events.slice(0, 9)) run.apply(event);
    await history.suspend(run);

    const afterReload = new History(join(folder.path, 'runs'));
    const [entry] = (await afterReload.list()).entries;
    assert.equal(entry?.outcome, undefined);
    assert.equal(entry?.claimed, false);
    const resumed = await afterReload.resume(info.id);
    assert.ok(resumed);
    assert.deepEqual(resumed.session?.sessions, [
      { datacenter: 'dc1', session: 'f9642bd0-a046-bc68-577a-4962b8c06efa' },
    ]);
    assert.equal(resumed.session.prefix, '_rexec');
    assert.equal(await history.resume(info.id), undefined);
    assert.equal((await history.list()).entries[0]?.claimed, true);

    const resumption = new Resumption(resumed);
    for (const event of events) {
      const news = resumption.newPart(event);
      if (news) resumed.apply(news);
    }
    await afterReload.finish(resumed);
    assert.equal(await afterReload.resume(info.id), undefined);
    const loaded = await history.load(info.id);
    const whole = await history.load((await keep({ id: randomUUID() })).info.id);
    assert.deepEqual([...loaded.ledger.nodes], [...whole.ledger.nodes]);
    assert.equal(await text(loaded, 'web-10'), await text(whole, 'web-10'));
  });

  test('keeps what came in when its window is killed, and lets the next one take over', async () => {
    const script = `
      import { History } from ${JSON.stringify(import.meta.resolve('../../../../src/runs/history/history.ts'))};
      import { sampleInfo, sampleEvents } from ${JSON.stringify(import.meta.resolve('../sampleRun.ts'))};
      const run = await new History(${JSON.stringify(join(folder.path, 'runs'))}).create(sampleInfo());
      for (const event of sampleEvents().slice(0, 12)) run.apply(event);
      await run.flushed();
      process.kill(process.pid, 'SIGKILL');
    `;
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const { id } = sampleInfo();
    const resumed = await history.resume(id);
    assert.ok(resumed);
    assert.equal(await text(resumed, 'web-1'), 'all quiet, "really"\nsecond line, ünïcode\n');
    assert.equal(resumed.ledger.get('db-2')?.state, 'acknowledged');
    await history.suspend(resumed);
  });

  test('loses nothing while the disk takes no more, and is whole on disk once it does again', () => {
    // The limit of a process for its files stands in for a full disk: the same calls fail.
    const script = `
      import assert from 'node:assert/strict';
      import { execFileSync } from 'node:child_process';
      import { History } from ${JSON.stringify(import.meta.resolve('../../../../src/runs/history/history.ts'))};
      import { exited, sampleInfo, started, wrote } from ${JSON.stringify(import.meta.resolve('../sampleRun.ts'))};
      const limit = (bytes) => execFileSync('prlimit', ['--pid', process.pid, '--fsize=' + bytes + ':']);
      const history = new History(${JSON.stringify(join(folder.path, 'runs'))}, 0);
      const run = await history.create(sampleInfo());
      run.apply(started(['a']));
      run.apply(wrote('a', 'before|'));
      await run.flushed();
      assert.equal(run.recordFailure, undefined);
      limit(8192);
      const [many, more] = ['x'.repeat(3_000_000), '|after'];
      run.apply(wrote('a', many));
      await assert.rejects(run.flushed(), { code: 'EFBIG' });
      assert.equal(run.recordFailure?.code, 'EFBIG');
      run.apply(wrote('a', more));
      run.output.release();
      assert.equal(Buffer.from(await run.output.read('a')).toString(), 'before|' + many + more);
      limit('unlimited');
      run.apply(exited('a', 0));
      run.apply({ kind: 'finished', at: Date.now(), end: 'complete' });
      await history.finish(run);
      assert.equal(run.recordFailure, undefined);
      const kept = await history.load(run.info.id);
      assert.equal(Buffer.from(await kept.output.read('a')).toString(), 'before|' + many + more);
      await kept.close();
    `;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });

  test('leaves nothing behind of a run that cannot be begun', async () => {
    await mkdir(join(folder.path, 'runs'));
    const { id } = sampleInfo();
    // Where the record is to be there is a folder, so that it cannot be put in place.
    await mkdir(join(folder.path, 'runs', id, 'run.json', 'in the way'), { recursive: true });
    await assert.rejects(history.create(sampleInfo()));
    assert.deepEqual(await readdir(join(folder.path, 'runs')), []);
    const run = await history.create(sampleInfo());
    await history.suspend(run);
  });

  test('lets only one of many windows that start at once take a run over', async () => {
    const run = await history.create(sampleInfo());
    run.apply(started(['a']));
    await history.suspend(run);
    const runFolder = join(folder.path, 'runs', run.info.id);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (let round = 0; round < 10; round++) {
      for (const name of await readdir(runFolder)) {
        if (name.startsWith('claim')) await rm(join(runFolder, name));
      }
      const stale = { pid: dead, host: hostname(), released: false };
      await writeFile(join(runFolder, 'claim-1'), JSON.stringify(stale));
      const windows = Array.from({ length: 8 }, () => new History(join(folder.path, 'runs')));
      const taken = await Promise.all(windows.map((window) => window.resume(run.info.id)));
      const winners = taken.flatMap((each, i) =>
        each ? [{ run: each, window: windows[i]! }] : [],
      );
      assert.equal(winners.length, 1);
      for (const { run, window } of winners) await window.suspend(run);
    }
    const last = await history.resume(run.info.id);
    assert.ok(last, 'nobody holds it in the end');
    await history.suspend(last);
  });

  test('reserves a step that follows a run for one window only', async () => {
    const { info } = await keep();
    const other = new History(join(folder.path, 'runs'));
    const claims = [history, other, other].map((one) => one.claimStep(info.id, 2));
    assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
    assert.equal(await other.claimStep(info.id, 2), false);
    assert.equal(await other.claimStep(info.id, 3), true);
    // No other window knows a run that isn't saved.
    assert.equal(await history.claimStep(randomUUID(), 2), true);
  });

  test('leaves alone a run that another machine collects, until it has not renewed its claim for long', async () => {
    const run = await history.create(sampleInfo());
    await history.suspend(run);
    const claim = join(folder.path, 'runs', run.info.id, 'claim-1');
    await writeFile(claim, JSON.stringify({ pid: 1, host: 'another machine', released: false }));
    assert.equal(await history.resume(run.info.id), undefined);
    const longAgo = new Date(Date.now() - 11 * 60_000);
    await utimes(claim, longAgo, longAgo);
    const resumed = await history.resume(run.info.id);
    assert.ok(resumed);
    await history.suspend(resumed);
  });

  test('says of a run that is not over who collects it, and when that was said last', async () => {
    const { info } = await keep();
    assert.equal((await history.entry(info.id)).claimedAt, undefined);
    const run = await history.create(sampleInfo());
    const elsewhere = new History(join(folder.path, 'runs'));
    assert.equal((await elsewhere.entry(run.info.id)).claimed, true);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder.path, 'runs', run.info.id, 'claim-1'), longAgo, longAgo);
    const { claimed, claimedAt } = await elsewhere.entry(run.info.id);
    assert.equal(claimed, false);
    assert.equal(Math.round((claimedAt ?? 0) / 1000), Math.round(longAgo.getTime() / 1000));
    await history.suspend(run);
    assert.ok(Date.now() - ((await elsewhere.entry(run.info.id)).claimedAt ?? 0) < 60_000);
  });

  test('deletes what was interrupted, and never what another window collects', async () => {
    const run = await history.create(sampleInfo());
    run.apply(started(['a']));
    const elsewhere = new History(join(folder.path, 'runs'));
    await elsewhere.delete(run.info.id);
    assert.deepEqual(await ids(), [run.info.id]);
    await history.suspend(run);
    await elsewhere.delete(run.info.id);
    assert.deepEqual(await ids(), []);
  });

  test("reports runs that it can't read, and never deletes them automatically", async () => {
    const good = await keep();
    const [newer, damaged] = [randomUUID(), randomUUID()].sort() as [string, string];
    for (const [id, json] of [
      [newer, '{"schemaVersion":3,"somethingNew":true}'],
      [damaged, '{"schemaVersion":1,"id":'],
    ] as const) {
      await mkdir(join(folder.path, 'runs', id));
      await writeFile(join(folder.path, 'runs', id, 'run.json'), json);
    }
    const { entries, problems } = await history.list();
    assert.deepEqual(
      entries.map(({ info }) => info.id),
      [good.info.id],
    );
    assert.deepEqual(
      problems.map(({ id, error }) => [id, error instanceof RecordError && error.why]),
      [
        [newer, 'newer'],
        [damaged, 'damaged'],
      ],
    );
    await history.prune({ runs: 0, bytes: 0, ageMs: 0 });
    assert.equal((await history.list()).problems.length, 2);
  });

  test('refuses a record with anything in it that does not belong there', async () => {
    const { info } = await keep();
    const path = join(folder.path, 'runs', info.id, 'run.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...record, token: 'secret' }));
    await assert.rejects(history.load(info.id), RecordError);
  });

  test('saves no credentials of an address, and does not change the name of a connection', async () => {
    const kept = async (connection: string) => {
      const { info } = await keep({ connection });
      return (await history.load(info.id)).info.connection;
    };
    assert.equal(
      await kept('https://me:secret@consul.example:8501/x?token=secret#y'),
      'https://consul.example:8501/x',
    );
    assert.equal(await kept('prod #1 (a@b)?'), 'prod #1 (a@b)?');
  });

  test('prunes by count, keeping what is pinned and what goes on', async () => {
    const runs: Run[] = [];
    for (let i = 0; i < 5; i++) runs.push(await keep({ createdAt: T0 + i }));
    const going = await history.create(sampleInfo({ id: randomUUID(), createdAt: T0 - 9 }));
    await history.pin(runs[0]!.info.id, true);
    await history.prune({ runs: 3 }, { now: T0 + 10 });
    const left = await ids();
    assert.deepEqual(left, [runs[4]!.info.id, runs[0]!.info.id, going.info.id]);
    await history.suspend(going);
  });

  test('prunes what was interrupted only when nobody can pick it up any more', async () => {
    const run = await history.create(sampleInfo());
    await history.suspend(run);
    await history.prune({ ageMs: 0 });
    assert.deepEqual(await ids(), [run.info.id]);
    await history.prune({ ageMs: 0 }, { now: Date.now() + RESUMABLE_MS + 1000 });
    assert.deepEqual(await ids(), []);
  });

  test('sweeps away what a crash left half deleted', async () => {
    await keep();
    await mkdir(join(folder.path, 'runs', '.deleted-x'));
    await history.prune({});
    assert.equal((await readdir(join(folder.path, 'runs'))).length, 1);
  });

  test('records a node that was told to run twice', async () => {
    const run = await history.create(sampleInfo());
    for (const event of [started(['a']), wrote('a', '1'), exited('a', 0), wrote('a', '2')]) {
      run.apply(event);
    }
    await history.finish(run);
    assert.equal(await text(await history.load(run.info.id), 'a'), '12');
  });
});
