import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { OutputGrouping } from '../../../src/runs/grouping/outputGrouping.ts';
import { ScriptFileNames, ScriptFileNameStream } from '../../../src/runs/text/scriptName.ts';
import { Run } from '../../../src/runs/run.ts';
import { exited, sampleInfo, started, wrote } from './sampleRun.ts';

const TEXTS: readonly (readonly [string, string])[] = [
  ['/tmp/rexec626391932: 1: [[: not found', 'script: 1: [[: not found'],
  ['/var/lib/consul/tmp-1/rexec7: line 2: x', 'script: line 2: x'],
  ['  File "/tmp/rexec626391932", line 1', '  File "script", line 1'],
  ['at /tmp/rexec626391932 line 12.', 'at script line 12.'],
  ['in ‘/tmp/rexec626391932’', 'in ‘script’'],
  ['0=/tmp/rexec12, and again /tmp/rexec12.', '0=script, and again script.'],
  ['usage: rexec626391932 [-n]', 'usage: script [-n]'],
  ["can't open /tmp/rexec626391932.lock", "can't open script.lock"],
  ['/tmp/rexec-12: x', 'script: x'],
  [
    '/tmp/consul-exec-0f8fad5b-d9cb-469f-a165-70867728950e-1751005179/job: 3: x: not found',
    'script: 3: x: not found',
  ],
  [
    '/tmp/consul-exec-0f8fad5b-d9cb-469f-a165-70867728950e-1751005179/out',
    '/tmp/consul-exec-0f8fad5b-d9cb-469f-a165-70867728950e-1751005179/out',
  ],
  // A list of the folder has other files with such names.
  ['/tmp/rexec11 /tmp/rexec12 /tmp/rexec11', 'script /tmp/rexec12 script'],
  ['rexec12', 'rexec12'],
  ['/tmp/rexec', '/tmp/rexec'],
  ['/tmp/rexec12x', '/tmp/rexec12x'],
  ['/tmp/rexec12/file', '/tmp/rexec12/file'],
  ['tmp/rexec12', 'tmp/rexec12'],
  ['/tmp/myrexec12', '/tmp/myrexec12'],
];

describe("the name of a script's temporary file", () => {
  for (const [text, shown] of TEXTS) {
    test(`in "${text}"`, () => assert.equal(new ScriptFileNames().replace(text), shown));
  }

  test('is found wherever the chunks are cut', () => {
    const pieces = fc.constantFrom(
      ...['/tmp/', 'rexec', '12', '345678', ' ', '\n', ':', '/', '.', 'x', '\u00e9'],
      ...['x'.repeat(1020), '/tmp/rexec12', '/tmp/rexec345678:'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.array(fc.nat()), (parts, cuts) => {
        const text = parts.join('');
        const stream = new ScriptFileNameStream('#');
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)];
        const chunks = places.map((place, i) => text.slice(place, places[i + 1]));
        const streamed = chunks.map((chunk) => stream.push(chunk)).join('') + stream.end();
        assert.equal(streamed, new ScriptFileNames('#').replace(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('takes no time in a hostile megabyte', { timeout: 5000 }, () => {
    for (const piece of ['/', '/tmp/', 'rexec', '/rexec', '/rexec1', 'rexec1 ', 'x']) {
      const text = piece.repeat(2 ** 20 / piece.length);
      new ScriptFileNames().replace(`${text}rexec`);
      const stream = new ScriptFileNameStream('');
      for (let at = 0; at < text.length; at += 512) stream.push(text.slice(at, at + 512));
    }
  });
});

describe('groups of a script', () => {
  const error = (file: string) => `${file}: 1: [[: not found\nsame\n`;
  const NODES = ['a', 'b', 'c', 'd'];

  function runOf(kind: 'script' | 'command', step: number): Run {
    const run = new Run(sampleInfo({ targets: NODES, job: { kind, text: '[[ x ]]' } }));
    run.apply(started(NODES));
    const files = ['/tmp/rexec1', '/tmp/rexec626391932', '/var/tmp/rexec-22', '/tmp/other'];
    for (const [i, node] of NODES.entries()) {
      const text = error(files[i] ?? '');
      for (let at = 0; at < text.length; at += step) {
        run.apply(wrote(node, text.slice(at, at + step)));
      }
      run.apply(exited(node, 127));
    }
    return run;
  }

  for (const step of [1, 5, 1000]) {
    test(`are equal but for the file's name, in chunks of ${step} bytes`, async () => {
      const run = runOf('script', step);
      for (const ignored of [{}, { timestamps: true }, { trailingSpace: true }]) {
        const groups = (await run.groupings.ignoring(ignored)).groups(run.ledger);
        assert.deepEqual(
          groups.map(({ nodes }) => nodes.join()),
          ['a,b,c', 'd'],
          JSON.stringify(ignored),
        );
      }
    });
  }

  test('differ for a command, which has no such file', () => {
    const run = runOf('command', 1000);
    assert.equal(run.groupings.exact.groups(run.ledger).length, 4);
  });

  test('have the same digest as other outputs where no name is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (chunks) => {
        const ids = [true, false].map((isScript) => {
          const grouping = new OutputGrouping({}, { isScript });
          const run = new Run(sampleInfo({ targets: ['a'] }));
          for (const event of [started(['a']), exited('a', 0)]) run.apply(event);
          for (const chunk of chunks) grouping.append('a', chunk);
          grouping.end('a');
          return grouping.groups(run.ledger).map(({ id }) => id);
        });
        assert.deepEqual(ids[0], ids[1]);
      }),
    );
  });
});
