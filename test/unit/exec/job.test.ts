import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeJob,
  type Job,
  JobError,
  JobTooLargeError,
  jobText,
  jobTitle,
  requireFits,
  requireFitsInKv,
} from '../../../src/exec/protocol/job.ts';
import { heartbeatPeriod } from '../../../src/exec/protocol/heartbeat.ts';

interface Wire {
  readonly Command?: string;
  readonly Args?: string[];
  readonly Script?: string;
  readonly Wait: number;
}

function wire(job: Job, heartbeatMs = 2000): Wire {
  return JSON.parse(encodeJob(job, heartbeatMs).toString()) as Wire;
}

test('a script travels as base64, a command as text, arguments as they stand', () => {
  const Wait = 2_000_000_000;
  assert.deepEqual(wire({ kind: 'command', text: 'uptime' }), { Command: 'uptime', Wait });
  assert.deepEqual(wire({ kind: 'arguments', args: ['a b', '', '$x'] }), {
    Args: ['a b', '', '$x'],
    Wait,
  });
  const script = '#!/bin/sh\necho grüße\n';
  assert.deepEqual(wire({ kind: 'script', text: script }), {
    Script: Buffer.from(script).toString('base64'),
    Wait,
  });
});

test('CRLF becomes LF in scripts and commands, and nothing else changes: a lone CR stays', () => {
  const { Script = '' } = wire({ kind: 'script', text: '#!/bin/sh\r\na\rb\n\r\n' });
  assert.equal(Buffer.from(Script, 'base64').toString(), '#!/bin/sh\na\rb\n\n');
  assert.equal(wire({ kind: 'command', text: 'a\r\nb' }).Command, 'a\nb');
  assert.deepEqual(wire({ kind: 'arguments', args: ['printf', 'a\r\n'] }).Args, [
    'printf',
    'a\r\n',
  ]);
});

test('a script with bytes is sent byte for byte, and its size counts', () => {
  const bytes = Buffer.from('caf\u00e9\r\n', 'latin1');
  const job = { kind: 'script', text: 'caf\ufffd\r\n', bytes: bytes.toString('base64') } as const;
  assert.equal(wire(job).Script, bytes.toString('base64'));
  assert.equal(jobText(job), 'caf\ufffd\n');
  assert.throws(() => requireFits(job, encodeJob(job, 2000), 10), /too long: 6 bytes/);
});

test('the heartbeat is an integer of nanoseconds, and at least a second', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e9, noNaN: true }), (heartbeatMs) => {
      const text = encodeJob({ kind: 'command', text: 'x' }, heartbeatMs).toString();
      const [, digits = ''] = /"Wait":(\d+)\}$/.exec(text) ?? [];
      assert.ok(BigInt(digits) >= 1_000_000_000n, text);
    }),
  );
});

test('the heartbeat grows with the fleet and the quiet time, up to a minute', () => {
  assert.equal(heartbeatPeriod(2000, 1), 2000);
  assert.equal(heartbeatPeriod(0, 0), 1000);
  assert.equal(heartbeatPeriod(2000, 1000), 15_000);
  assert.equal(heartbeatPeriod(2000, 1_000_000), 60_000);
  assert.equal(heartbeatPeriod(3_600_000, 1), 60_000);
  assert.ok(Number.isInteger(heartbeatPeriod(2000.4, 777)));
});

for (const job of [
  { kind: 'script', text: '' },
  { kind: 'script', text: ' \r\n\t' },
  { kind: 'command', text: '  ' },
  { kind: 'arguments', args: [] },
  { kind: 'arguments', args: ['', 'x'] },
  { kind: 'arguments', args: [' '] },
] satisfies Job[]) {
  test(`refuses an empty job: ${JSON.stringify(job)}`, () => {
    assert.throws(() => encodeJob(job, 2000), JobError);
  });
}

test('a script over the limit is told how long it may be, and that length fits', () => {
  const sizes = fc.integer({ min: 200, max: 5000 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 4000 }), (limit, over) => {
      const script = (length: number): Job => ({ kind: 'script', text: 'x'.repeat(length) });
      const most = mostOf(script(limit + over), limit);
      assert.doesNotThrow(() => requireFits(script(most), encodeJob(script(most), 2000), limit));
      const more = script(most + 3);
      assert.throws(() => requireFits(more, encodeJob(more, 2000), limit), JobTooLargeError);
    }),
  );
});

test('a command over the limit, too, though JSON makes it longer', () => {
  const command = (length: number): Job => ({ kind: 'command', text: '\n'.repeat(length) + 'x' });
  const most = mostOf(command(900), 1000);
  assert.ok(most < 901);
  assert.doesNotThrow(() =>
    requireFits({ kind: 'command', text: 'x'.repeat(most) }, encodeJob(command(400), 2000), 1000),
  );
});

function mostOf(job: Job, limit: number): number {
  try {
    requireFits(job, encodeJob(job, 2000), limit);
  } catch (error) {
    assert.ok(error instanceof JobTooLargeError);
    return Number(/accepts (\d+)/.exec(error.message)?.[1]);
  }
  assert.fail('it fits');
}

test('512 KiB is the limit unless the agent says otherwise', () => {
  const job: Job = { kind: 'command', text: 'x' };
  assert.doesNotThrow(() => requireFits(job, Buffer.alloc(524_288)));
  assert.throws(() => requireFits(job, Buffer.alloc(524_289)), JobTooLargeError);
});

test('a job that passes the early check fits with every heartbeat period', () => {
  const job: Job = { kind: 'command', text: 'x'.repeat(100) };
  const longest = encodeJob(job, heartbeatPeriod(3_600_000, 10_000)).length;
  assert.doesNotThrow(() => requireFitsInKv(job, longest));
  assert.throws(() => requireFitsInKv(job, longest - 1), JobTooLargeError);
  assert.throws(() => requireFitsInKv({ kind: 'command', text: ' ' }), JobError);
});

test('a job is named by its first line that does something', () => {
  assert.equal(jobTitle({ kind: 'script', text: '#!/bin/sh\n# why\n\n  df -h\nls' }), 'df -h');
  const careful = '#!/bin/bash\nset -eu\ncd "$(dirname "$0")"\nexec 2>&1\n{\nuptime\n}';
  assert.equal(jobTitle({ kind: 'script', text: careful }), 'uptime');
  assert.equal(jobTitle({ kind: 'script', text: '# only a comment' }), '# only a comment');
  assert.equal(jobTitle({ kind: 'arguments', args: ['ls', "it's", 'a b'] }), `ls 'it'\\''s' 'a b'`);
});

test('arguments are shown so that a shell would read them back', async () => {
  const { splitArguments } = await import('../../../src/exec/protocol/splitArguments.ts');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (args) => {
      assert.deepEqual(splitArguments(jobText({ kind: 'arguments', args })), args);
    }),
  );
});

test('a title is cut short, and in no half character', () => {
  const long = `${'x'.repeat(118)}\u{1f4a5}${'y'.repeat(100_000)}`;
  assert.equal(jobTitle({ kind: 'script', text: long }), `${'x'.repeat(118)}…`);
  assert.equal(jobTitle({ kind: 'command', text: 'y'.repeat(120) }), 'y'.repeat(120));
});

test('careful scripts are titled by what they do, not by how they begin', () => {
  for (const [text, title] of [
    [
      "#!/bin/bash\nset -euo pipefail\nIFS=$'\\n'\n\nsystemctl restart web",
      'systemctl restart web',
    ],
    ['set -e\nexport PATH=/usr/sbin\nLANG=C\nuptime', 'uptime'],
    ['import os\nfrom sys import argv\nprint(os.uname())', 'print(os.uname())'],
    ['use strict;\nuse warnings;\nprint "x"', 'print "x"'],
    ['set -e', 'set -e'],
    ['# only a comment', '# only a comment'],
    ['LANG=C date', 'LANG=C date'],
  ] as const) {
    assert.equal(jobTitle({ kind: 'script', text }), title);
  }
});
