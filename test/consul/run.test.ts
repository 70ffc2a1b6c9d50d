import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Consul } from '../../src/consul/consul.ts';
import { splitArguments } from '../../src/exec/protocol/splitArguments.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { type RunRequest, runJob } from '../../src/exec/run/runJob.ts';
import { LineDecoder } from '../../src/runs/output/lineDecoder.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { gather, type RunOutcome } from '../support/runToEnd.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { atFirstOutput, command, consulAt, requestFor } from './support/runs.ts';

const WEB = ['web-1', 'web-2'];
const ODD = ['x/ack', 'job', 'node with space', 'ünïcode-ノード'];
const ALL = [...WEB, ...ODD];

describe('a run on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({
      clients: ALL.map((name, i) => ({
        name,
        services: [
          { id: `id-${i}`, name: 'frontend', tags: [i % 2 ? 'odd' : 'even'] },
          ...(i === 1 ? [{ id: 'frontend', name: 'other' }] : []),
        ],
      })),
      servers: [{ name: 'server-1', remoteExec: false }],
    });
    consul = consulAt(fleet.agent('web-1').httpAddress);
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });
  afterEach(() => assertNothingLeft(fleet.address));

  const run = (request: RunRequest): Promise<RunOutcome> => gather(runJob(consul, request));
  const runOn = (targets: readonly string[], job: Job) => run(requestFor(targets, job));

  describe('runs every form of job', () => {
    const JOBS: readonly [string, Job, string][] = [
      ['a command, by a shell', command('echo "$((40 + 2))" | cat'), '42\n'],
      ['a command of several lines with CRLF', command('echo one\r\necho two\r\n'), 'one\ntwo\n'],
      ['a script without a shebang', { kind: 'script', text: 'x=1\necho $x$x\n' }, '11\n'],
      [
        'a script with its own interpreter and CRLF',
        { kind: 'script', text: '#!/bin/sh\r\necho "$0" | grep -c rexec\r\n' },
        '1\n',
      ],
      [
        'arguments, without any shell',
        { kind: 'arguments', args: ['printf', '%s|', '$HOME', 'a b', '', '*', 'é'] },
        '$HOME|a b||*|é|',
      ],
      [
        'arguments split from a line',
        { kind: 'arguments', args: splitArguments(`printf '%s|' "a b" 'c;d'`) },
        'a b|c;d|',
      ],
    ];
    for (const [what, job, expected] of JOBS) {
      test(what, async () => {
        const { ledger, output } = await runOn(WEB, job);
        assert.ok(ledger.succeeded, summarize(ledger));
        for (const node of WEB) assert.equal(output.get(node), expected);
      });
    }
  });

  for (const [job, code] of [
    [command('exit 0'), 0],
    [command('exit 3'), 3],
    [command('no-such-program-here'), 127],
    [command('kill -9 $$'), -1],
    [{ kind: 'arguments', args: ['no-such-program-here'] }, 255],
  ] satisfies [Job, number][]) {
    test(`exit code ${code} of ${JSON.stringify(job)} arrives`, async () => {
      const { ledger } = await runOn(['web-1'], job);
      assert.equal(ledger.get('web-1')?.code, code);
      assert.equal(ledger.end, 'complete');
      assert.equal(ledger.succeeded, code === 0);
    });
  }

  test('300 random bytes arrive as they were written', async () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, () => Math.floor(Math.random() * 256)));
    const octal = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const { events } = await runOn(['web-1'], { kind: 'arguments', args: ['printf', octal] });
    assert.deepEqual(bytesOf(events, 'web-1'), bytes);
  });

  test('odd node names are kept apart and named rightly', async () => {
    const { ledger, output } = await runOn(ALL, command('hostname > /dev/null; pwd; exit 4'));
    assert.equal(ledger.unexpected, 0);
    assert.equal(ledger.counts.failed, ALL.length, summarize(ledger));
    for (const node of ALL) {
      const folder = fleet.agent(node).workFolder;
      assert.equal(output.get(node), `${folder}\n`);
    }
  });

  test('a service filter meets service IDs and not names', async () => {
    const filters = { service: '^frontend$' };
    const { ledger } = await run(requestFor(['web-2'], command('true'), {}, filters));
    assert.deepEqual(
      [...ledger.nodes].map(({ node }) => node),
      ['web-2'],
    );
    assert.equal(ledger.end, 'complete');
  });

  test('node, service and tag filters narrow together', async () => {
    const filters = { node: '^(web|job)', service: '^id-', tag: '^odd$' };
    const request = requestFor(undefined, command('true'), { quietMs: 5000 }, filters);
    const { ledger } = await run(request);
    assert.deepEqual([...ledger.nodes].map(({ node }) => node).sort(), ['job', 'web-2']);
  });

  test('several announcements make one run', async () => {
    const { ledger } = await run({
      ...requestFor(ALL, command('echo once')),
      announcements: [{ node: '^web-' }, { node: '^[^w]' }],
    });
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.equal(ledger.size, ALL.length);
  });

  test('ends with the last exit: nothing is waited for after it', async () => {
    const quietMs = 60_000;
    const { events, ledger } = await run(requestFor(WEB, command('echo hi'), { quietMs }));
    assert.equal(ledger.end, 'complete');
    assert.equal(events.at(-1)?.kind, 'finished');
    assert.equal(events.at(-2)?.kind, 'exited');
    assert.deepEqual(
      events.slice(0, 2).map(({ kind }) => kind),
      ['started', 'announced'],
    );
  });

  test('each node is acknowledged, then writes, then exits', async () => {
    const { events } = await runOn(ALL, command('echo hi'));
    for (const name of ALL) {
      const own = events.filter((event) => 'node' in event && event.node === name);
      assert.deepEqual(
        own.map(({ kind }) => kind),
        ['acknowledged', 'output', 'exited'],
      );
    }
  });

  test('a silent node gives signs of life and is not given up', async () => {
    const request = requestFor(['web-1'], command('sleep 4; echo late'), { quietMs: 2000 });
    const { events, output, ledger } = await run(request);
    assert.ok(events.some(({ kind }) => kind === 'heartbeat'));
    assert.ok(!events.some(({ kind }) => kind === 'lost'));
    assert.equal(output.get('web-1'), 'late\n');
    assert.ok(ledger.succeeded, summarize(ledger));
  });

  test('a stop keeps what was received, and leaves nothing', async () => {
    const stop = new AbortController();
    const request = requestFor(WEB, command('echo begun; sleep 30; echo never'));
    const { ledger, output, events } = await gather(
      atFirstOutput(runJob(consul, request, stop.signal), () => stop.abort()),
    );
    assert.equal(ledger.end, 'stopped');
    assert.equal(ledger.succeeded, false);
    assert.ok([...output.values()].every((text) => text === 'begun\n'));
    assert.ok(output.size > 0);
    assert.equal(events.at(-1)?.kind, 'finished');
  });

  test('a stop before anything is announced runs nothing', async () => {
    const stop = new AbortController();
    const request = requestFor(WEB, command('echo hi'), { replicationWaitMs: 60_000 });
    const events: RunEvent[] = [];
    for await (const event of runJob(consul, request, stop.signal)) {
      events.push(event);
      if (event.kind === 'started') setImmediate(() => stop.abort());
    }
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['started', 'fenced', 'finished'],
    );
  });

  test('a signal that is aborted already starts nothing', async () => {
    const run = runJob(consul, requestFor(WEB, command('true')), AbortSignal.abort());
    await assert.rejects(gather(run), { name: 'AbortError' });
  });

  for (const kind of ['started', 'announced', 'acknowledged', 'output', 'exited', 'finished']) {
    test(`who leaves at “${kind}” leaves nothing behind`, async () => {
      for await (const event of runJob(consul, requestFor(WEB, command('echo hi; sleep 0.7')))) {
        if (event.kind === kind) break;
      }
      await assertNothingLeft(fleet.address);
    });
  }

  test('a thrown error of the reader leaves nothing behind either', async () => {
    const failing = atFirstOutput(runJob(consul, requestFor(WEB, command('echo hi'))), () => {
      throw new Error('reader');
    });
    await assert.rejects(gather(failing), /reader/);
  });

  test('what arrives is what consul exec prints', async () => {
    const script = 'echo "one two"\necho $((1+1)) >&2\nprintf "no end"\n';
    const { output } = await runOn(WEB, { kind: 'script', text: script });
    const { stdout } = await fleet.exec(['-node', '^web-', '-'], { input: script });
    for (const node of WEB) {
      // The CLI pads names: `    web-1: one two`.
      const printed = stdout
        .split('\n')
        .filter((line) => line.trimStart().startsWith(`${node}: `))
        .map((line) => line.trimStart().slice(node.length + 2))
        .filter((line) => line !== '');
      assert.deepEqual(new Set(output.get(node)?.split('\n')), new Set(printed));
    }
  });

  test('nothing is written for a job that cannot be sent', async () => {
    for (const request of [
      requestFor(WEB, command('')),
      requestFor(WEB, command('x'), { prefix: '../x' }),
      requestFor(WEB, command('x'), {}, { node: '(' }),
      requestFor(WEB, command('x'), {}, { tag: 'x' }),
      requestFor(WEB, command('x'), {}, { node: 'x'.repeat(400) }),
      requestFor(WEB, command('x'.repeat(600 * 1024))),
    ]) {
      const before = consul.transport.traffic.requests;
      await assert.rejects(run(request));
      assert.equal(consul.transport.traffic.requests, before);
    }
  });

  test('the longest filters that we allow do fit into an event', async () => {
    const node = `^(?:web-1|${'n'.repeat(314)})$`;
    const { ledger } = await run(requestFor(['web-1'], command('true'), {}, { node }));
    assert.ok(ledger.succeeded, summarize(ledger));
  });

  test('another prefix works as well', async () => {
    const prefix = 'team a/é/_rexec';
    const { ledger } = await run(requestFor(WEB, command('true'), { prefix }));
    assert.ok(ledger.succeeded, summarize(ledger));
    const left = await fetch(`${fleet.address}/v1/kv/team%20a/?keys`);
    assert.equal(left.status, 404);
  });

  test('two hundred thousand lines arrive whole on every node', { timeout: 120_000 }, async () => {
    const { ledger, events } = await runOn(ALL, command('seq 200000'));
    assert.ok(ledger.succeeded, summarize(ledger));
    for (const node of ALL) {
      const decoder = new LineDecoder();
      let next = 1;
      const check = (lines: readonly string[]) => {
        for (const line of lines) if (line !== String(next++)) assert.fail(`${node}: ${line}`);
      };
      for (const event of events) {
        if (event.kind === 'output' && event.node === node) check(decoder.push(event.bytes));
      }
      check(decoder.end());
      assert.equal(next, 200_001);
    }
  });
});

function bytesOf(events: readonly RunEvent[], node: string): Buffer {
  return Buffer.concat(
    events.flatMap((e) => (e.kind === 'output' && e.node === node ? [e.bytes] : [])),
  );
}
