import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { FetchFrames, type Kept } from '../../../../src/exec/guard/fetchFrames.ts';
import { guardJob } from '../../../../src/exec/guard/guardJob.ts';
import { fetchText } from '../../../../src/exec/guard/nodeScripts.ts';
import type { Job } from '../../../../src/exec/protocol/job.ts';
import { ensureDebianPackage } from '../../../setup/debianPackage.ts';

const runId = '0f8fad5b-d9cb-469f-a165-70867728950e';
const nonce = '5d4f6a3c-7ed1-4d6f-9d0e-0a1c1c8f7a11';
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];

let folder: string;
before(async () => {
  await ensureDebianPackage('busybox', 'busybox');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ PATH: process.env['PATH'], TMPDIR: folder });

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o700 });
  return path;
}

function startGuarded(text: string) {
  const job: Job = { kind: 'script', text };
  const wrapped = guardJob(job, { runId, keepsOutput: true }) as Extract<Job, { kind: 'script' }>;
  const path = script('rexec1', wrapped.text);
  return spawn('/bin/sh', ['-c', path], { cwd: folder, env: env(), stdio: 'ignore' });
}

async function runGuarded(text: string): Promise<void> {
  const child = startGuarded(text);
  await new Promise((resolve) => child.on('close', resolve));
}

async function fetchKept(from: number, by: readonly string[] = ['sh']): Promise<Kept[]> {
  const words: readonly string[] = [...by, script('rexec2', fetchText({ runId, nonce, from }))];
  const options = { cwd: folder, env: env(), encoding: 'buffer', maxBuffer: 20e6 } as const;
  const { stdout } = await promisify(execFile)(words[0] ?? 'sh', words.slice(1), options);
  return parse(stdout);
}

/** Fed byte by byte where that is short. */
function parse(bytes: Buffer): Kept[] {
  const frames = new FetchFrames(nonce);
  const step = bytes.length > 10_000 ? 4096 : 1;
  const found: Kept[] = [];
  for (let at = 0; at < bytes.length; at += step)
    found.push(...frames.push(bytes.subarray(at, at + step)));
  return found;
}

function outputOf(found: readonly Kept[]): string {
  return Buffer.concat(
    found.flatMap((kept) => (kept.kind === 'output' ? [kept.bytes] : [])),
  ).toString('latin1');
}

describe('fetching what a run left', () => {
  for (const by of SHELLS) {
    test(`gives the output from a byte on, and the exit code, by ${by.join(' ')}`, async () => {
      await runGuarded(String.raw`printf 'a\000b\nd 3\nconsul-exec-kept\nn'; exit 5`);
      const all = 'a\0b\nd 3\nconsul-exec-kept\nn';
      for (const from of [0, 1, 4, all.length, all.length + 10]) {
        const found = await fetchKept(from, by);
        assert.equal(outputOf(found), all.slice(from));
        assert.deepEqual(found.at(-1), {
          kind: 'ended',
          code: 5,
          limitSeconds: undefined,
          size: all.length,
        });
      }
    });
  }

  test('follows a job that still runs', async () => {
    const child = startGuarded('#!/bin/sh\nfor i in 1 2 3 4; do echo $i; sleep 0.5; done; exit 6');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const found = await fetchKept(2);
    assert.equal(found[0]?.kind, 'running');
    assert.equal(outputOf(found), '2\n3\n4\n');
    assert.deepEqual(found.at(-1)?.kind, 'ended');
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => child.on('close', resolve));
    }
  });

  test('says that there is nothing, or that the job is gone', async () => {
    assert.deepEqual(await fetchKept(0), [{ kind: 'nothing' }]);
    await runGuarded('echo hi');
    const kept = readdirSync(folder).find((name) => name.startsWith('consul-exec-')) ?? '';
    rmSync(join(folder, kept, 'code'));
    assert.deepEqual(await fetchKept(3), [{ kind: 'gone' }]);
    const before = Date.now() / 1000 - 3700;
    utimesSync(join(folder, kept), before, before);
    assert.deepEqual(await fetchKept(0), [{ kind: 'nothing' }]);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('consul-exec-')),
      [],
    );
  });

  test('ignores what the script did not write', () => {
    const good = `consul-exec-kept ${nonce}\nd 2\nab`;
    assert.equal(outputOf(parse(Buffer.from(good))), 'ab');
    for (const bad of [`x\n${good}`, good.replace(nonce, runId), `sh: warning\n${good}`]) {
      assert.deepEqual(parse(Buffer.from(bad)), []);
    }
    for (const end of [
      'd -1\nx',
      'd 99999999999\nx',
      'e 0 0\n',
      `${'x'.repeat(300)}\n`,
      'q\nn\n',
    ]) {
      assert.equal(
        parse(Buffer.from(good + end)).filter(({ kind }) => kind !== 'output').length,
        0,
      );
    }
  });
});
