import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type CombinedDocument,
  combineByGroup,
  combineByNode,
  combineForComparison,
} from '../../../src/runs/documents/combinedOutput.ts';
import { Run } from '../../../src/runs/run.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from './sampleRun.ts';

function sample(): Run {
  const run = new Run(sampleInfo());
  for (const event of sampleEvents()) run.apply(event);
  return run;
}

const textOf = ({ text }: CombinedDocument) => Buffer.from(text).toString();

/** The text of each section without its title. */
function bodies(document: CombinedDocument): Record<string, string> {
  const lines = textOf(document).split('\n');
  return Object.fromEntries(
    document.sections.map(({ nodes, start, end }) => [
      nodes.join(),
      lines.slice(start + 1, end + 1).join('\n'),
    ]),
  );
}

describe('combined document', () => {
  test('has a section for each node, by name, that starts at its title', async () => {
    const document = await combineByNode(sample(), T0 + 9000);
    const lines = textOf(document).split('\n');
    for (const { title, start } of document.sections) assert.equal(lines[start], `── ${title} ──`);
    assert.deepEqual(
      document.sections.map(({ title }) => title),
      [
        'cache-1 · no response',
        'db-1 · killed by a signal after 5.0 s',
        'db-2 · lost contact 7.0 s ago; may still be running',
        'stranger-1 · exited 0 after 5.2 s; responded without being a target',
        'web-1 · exited 0 after 0.4 s',
        'web-2 · exited 2 after 0.4 s',
        'web-10 · exited 0 after 0.4 s',
      ],
    );
    assert.equal(bodies(document)['web-1'], 'all quiet, "really"\nsecond line, ünïcode');
    assert.equal(bodies(document)['cache-1'], '');
  });

  test('shows identical output once, largest group first', async () => {
    const document = await combineByGroup(sample(), T0 + 9000);
    assert.deepEqual(
      document.sections.map(({ title }) => title),
      [
        '2 nodes · exited 0 · most common · web-1, web-10',
        'exited 0 · stranger-1',
        'exited 2 · web-2',
        'killed by a signal · db-1',
        'no response · cache-1',
        'lost contact 7.0 s ago; may still be running · db-2',
      ],
    );
    assert.equal(bodies(document)['web-1,web-10'], 'all quiet, "really"\nsecond line, ünïcode');
  });

  test('says which differences are ignored, and only then', async () => {
    const run = new Run(sampleInfo());
    const events = [started(['a', 'b']), wrote('a', 'up 04:05:06\n'), wrote('b', 'up 04:05:07\n')];
    for (const event of [...events, exited('a', 0), exited('b', 0)]) run.apply(event);
    const note = "Grouped ignoring dates and times. Each group shows its first node's output.";
    const grouping = await run.groupings.ignoring({ timestamps: true });
    const document = await combineByGroup(run, T0, grouping);
    const { sections } = document;
    const text = textOf(document);
    assert.ok(text.includes(`\n${note}\n\n── 2 nodes`), text);
    assert.deepEqual(text.match(/^up .*/gm), ['up 04:05:06']);
    assert.equal(text.split('\n')[sections[0]?.start ?? 0], `── ${sections[0]?.title} ──`);
    assert.ok(!textOf(await combineByGroup(run, T0)).includes('ignoring'));
  });

  test("shows each node's own output where there is no exit yet", async () => {
    const run = new Run(sampleInfo());
    for (const event of [started(['a', 'b', 'c', 'd']), wrote('a', '1\n'), wrote('b', '2\n')]) {
      run.apply(event);
    }
    const found = bodies(await combineByGroup(run, T0));
    assert.deepEqual(found, { a: '1', b: '2', 'c,d': '' });
  });

  test("cuts long outputs and says so, in each section's own range", async () => {
    const run = new Run(sampleInfo());
    for (const event of [
      started(['a', 'b']),
      wrote('a', 'line\n'.repeat(100)),
      wrote('b', 'end\n'),
    ]) {
      run.apply(event);
    }
    run.apply(exited('a', 0));
    run.apply(exited('b', 0));
    const document = await combineByNode(run, T0, {
      characters: 1e6,
      lines: 1e6,
      linesPerSection: 3,
    });
    assert.match(bodies(document)['a'] ?? '', /^line\nline\nline\n… .*all 500 bytes/);
    assert.equal(bodies(document)['b'], 'end');
    const short = await combineByNode(run, T0, {
      characters: 100,
      lines: 1e6,
      linesPerSection: 1000,
    });
    assert.ok(textOf(short).length < 600);
    assert.equal(short.sections.length, 2);
    const few = await combineByNode(run, T0, { characters: 1e6, lines: 20, linesPerSection: 1000 });
    assert.ok(textOf(few).split('\n').length < 30);
    assert.equal(few.sections.length, 2);
  });

  test('is the same text, however much of it is made at a time', async () => {
    const run = new Run(sampleInfo());
    const targets = Array.from({ length: 40 }, (_, i) => `n-${i}`);
    run.apply(started(targets));
    const lines = (node: string) => `${node} “ünïcode”\n`.repeat(500);
    for (const node of targets) run.apply(wrote(node, lines(node)));
    const document = await combineByNode(run, T0);
    const found = bodies(document);
    for (const node of targets) assert.equal(`${found[node]}\n`, lines(node));
    assert.equal(textOf(document).split('\n').length, (document.sections.at(-1)?.end ?? 0) + 2);
  });

  test('for comparison is the same for two runs in which the same happened', async () => {
    const later = new Run(sampleInfo({ createdAt: T0 + 1e6 }));
    for (const event of sampleEvents()) later.apply({ ...event, at: T0 + 1e6 + event.at * 2 });
    assert.equal(
      textOf(await combineForComparison(later)),
      textOf(await combineForComparison(sample())),
    );
    assert.notEqual(
      textOf(await combineByNode(later, T0 + 3e6)),
      textOf(await combineByNode(sample(), T0 + 9000)),
    );
  });

  test('is not misled by output that looks like a title', async () => {
    const run = new Run(sampleInfo());
    for (const event of [started(['a']), wrote('a', '── b · exited 0 ──\n'), exited('a', 0)]) {
      run.apply(event);
    }
    assert.equal((await combineByNode(run, T0)).sections.length, 1);
  });
});
