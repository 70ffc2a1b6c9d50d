import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AnswerText } from '../../../src/assistants/answerText.ts';
import { foundLines } from '../../../src/assistants/answers/foundLines.ts';
import { nodeOutput, runScript } from '../../../src/assistants/answers/nodeOutput.ts';
import { runList } from '../../../src/assistants/answers/runList.ts';
import { runNodes } from '../../../src/assistants/answers/runNodes.ts';
import { runSummary } from '../../../src/assistants/answers/runSummary.ts';
import { ToolInputError } from '../../../src/assistants/inputError.ts';
import { MAX_ANSWER_BYTES, type PageRequest } from '../../../src/assistants/page.ts';
import { parseNodeSet } from '../../../src/exec/targeting/names/nodeSet.ts';
import { Run, type RunInfo } from '../../../src/runs/run.ts';
import { repository } from '../../setup/repository.ts';
import { violations } from '../runs/export/jsonSchema.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from '../runs/sampleRun.ts';

const schemas = JSON.parse(
  readFileSync(join(repository, 'media/answers.schema.json'), 'utf8'),
) as Record<string, Record<string, unknown>>;

const SECRET = '5ec2e7-70ken-0f-a11-nodes';

function request(cursor?: string): PageRequest {
  return { cursor, texts: new AnswerText((text) => text.replaceAll(SECRET, '[secret]')) };
}

function sampleRun(): Run {
  const run = new Run(sampleInfo());
  for (const event of sampleEvents()) run.apply(event);
  return run;
}

/** A run on these nodes: output and exit code of each, undefined for no result. */
function runOf(
  results: ReadonlyMap<string, { text?: string; code?: number }>,
  info: Partial<RunInfo> = {},
): Run {
  const targets = [...results.keys()];
  const run = new Run(sampleInfo({ targets, ...info }));
  run.apply(started(targets));
  for (const [node, { text, code }] of results) {
    if (text !== undefined) run.apply(wrote(node, text));
    if (code !== undefined) run.apply(exited(node, code));
  }
  run.apply({ kind: 'finished', at: T0 + 9000, end: 'quiet' });
  return run;
}

/** All pages of an answer, each of which is within the limit and as its schema says. */
async function pages(
  tool: string,
  read: (page: PageRequest) => Promise<object>,
): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const answer = { ...(await read(request(cursor))) } as Record<string, unknown>;
    const json = JSON.stringify(answer);
    assert.ok(Buffer.byteLength(json) <= MAX_ANSWER_BYTES, `${Buffer.byteLength(json)} bytes`);
    assert.doesNotMatch(json, new RegExp(SECRET));
    assert.deepEqual(violations(schemas[tool]!, answer), []);
    all.push(answer);
    assert.ok(all.length < 5000);
    assert.notEqual(answer['next'], cursor ?? null);
    cursor = answer['next'] as string | undefined;
  } while (cursor !== undefined);
  return all;
}

function namesIn(all: readonly Record<string, unknown>[]): string[] {
  return all.flatMap((page) => (page['nodes'] as { node: string }[]).map(({ node }) => node));
}

const many = new Map(
  Array.from({ length: 10_000 }, (_, i) => [
    `node-${String(i).padStart(5, '0')}.example.internal`,
    { text: i % 100 === 0 ? `odd ${i}\n` : 'usual\n', code: i % 50 === 0 ? 1 : 0 },
  ]),
);

describe('the summary of a run', () => {
  test('has counts that add up, and groups with all nodes', async () => {
    const run = sampleRun();
    const [summary] = await pages('read_run', (page) => runSummary(page, run, 'quiet'));
    assert.ok(summary);
    const counts = Object.values(summary['counts'] as Record<string, number>);
    assert.equal(
      counts.reduce((a, b) => a + b, 0),
      run.ledger.size,
    );
    const groups = summary['groups'] as { count: number; names: string }[];
    assert.equal(
      groups.reduce((sum, { count }) => sum + count, 0),
      run.ledger.size,
    );
    assert.match(JSON.stringify(groups), /web-\[1,10\]/);
  });

  test('marks the most common result, and says how the others differ', async () => {
    const results = new Map([
      ['a', { text: 'nginx 1.24\n', code: 0 }],
      ['b', { text: 'nginx 1.24\n', code: 0 }],
      ['c', { text: 'nginx 1.18\n', code: 0 }],
    ]);
    const [summary] = await pages('read_run', (page) => runSummary(page, runOf(results), 'quiet'));
    const groups = summary!['groups'] as Record<string, unknown>[];
    assert.deepEqual(
      groups.map(({ names, isMostCommon }) => [names, isMostCommon]),
      [
        ['a,b', true],
        ['c', false],
      ],
    );
    assert.match(String(groups[1]!['writtenByNodes']), /nginx 1\.18/);
  });

  test('stays within the limit on 10,000 nodes with hundreds of results', async () => {
    const run = runOf(many);
    const all = await pages('read_run', (page) => runSummary(page, run, 'quiet'));
    const groups = all.flatMap((page) => page['groups'] as { count: number; names: string }[]);
    assert.equal(
      groups.reduce((sum, { count }) => sum + count, 0),
      10_000,
    );
    // Names that are cut still name only nodes of the group.
    for (const { names } of groups) if (names !== '') parseNodeSet(names);
  });
});

describe('the ledger of a run', () => {
  test('has every node once, in pages', async () => {
    const run = runOf(many);
    const all = await pages('read_run', (page) => runNodes(page, run, {}));
    assert.ok(all.length > 50);
    assert.deepEqual(namesIn(all), [...many.keys()]);
  });

  test('can be of one status, or of one group', async () => {
    const run = runOf(many);
    const failed = await pages('read_run', (page) => runNodes(page, run, { status: 'failed' }));
    assert.equal(namesIn(failed).length, 200);
    const [summary] = await pages('read_run', (page) => runSummary(page, run, 'quiet'));
    const [, second] = summary!['groups'] as { group: string; count: number }[];
    const ofGroup = await pages('read_run', (page) =>
      runNodes(page, run, { group: second!.group }),
    );
    assert.equal(namesIn(ofGroup).length, second!.count);
    assert.throws(() => runNodes(request(), run, { group: 'none' }), ToolInputError);
  });

  test('refuses a cursor of something else', async () => {
    for (const cursor of ['x', '-1', '99999', '1:2', '9'.repeat(30)]) {
      await assert.rejects(runNodes(request(cursor), sampleRun(), {}), ToolInputError);
    }
  });
});

describe('the output of a node', () => {
  test('comes whole, in pages, whatever its lines are', async () => {
    const lines = [
      'short',
      '',
      'ü'.repeat(20_000),
      '"\\'.repeat(9000),
      '🦊'.repeat(5000),
      ...Array.from({ length: 3000 }, (_, i) => `line ${i}`),
      'last',
    ];
    const run = runOf(new Map([['a', { text: `${lines.join('\n')}\n`, code: 0 }]]));
    const all = await pages('read_run', (page) => nodeOutput(page, run, 'a'));
    assert.equal(all.map((page) => page['writtenByNodes']).join(''), `${lines.join('\n')}\n`);
  });

  test('has no invisible characters and no secret, also where a page ends in one', async () => {
    const hostile = `\u202eevil\u202c \u200bzero \u{e0041}tag \u0007bell ${SECRET}`;
    const text = Array.from({ length: 400 }, (_, i) => 'x'.repeat(i) + hostile).join('');
    const run = runOf(new Map([['a', { text: `${hostile}\n${text}\n`, code: 0 }]]));
    const all = await pages('read_run', (page) => nodeOutput(page, run, 'a'));
    const whole = all.map((page) => page['writtenByNodes']).join('');
    for (const hidden of ['\u200b', '\u202e', '\u{e0041}', '\u0007']) {
      assert.ok(!whole.includes(hidden));
    }
    assert.match(whole, /zero <U\+E0041>tag/);
    assert.doesNotMatch(whole, new RegExp(SECRET.slice(0, 8)));
    assert.match(whole, /\[secret\]/);
  });

  test('can begin at a line', async () => {
    const run = runOf(new Map([['a', { text: 'one\ntwo\nthree\n', code: 0 }]]));
    const answer = await nodeOutput(request('2'), run, 'a');
    assert.equal(answer.writtenByNodes, 'two\nthree\n');
    assert.equal(answer.fromLine, 2);
  });

  test('is only of nodes in the ledger', async () => {
    await assert.rejects(nodeOutput(request(), sampleRun(), 'web-3'), ToolInputError);
    await assert.rejects(nodeOutput(request(), sampleRun(), undefined), ToolInputError);
  });

  test('is found by the name as an answer shows it', async () => {
    const run = runOf(new Map([['we\u200bb', { text: 'here\n', code: 0 }]]));
    assert.equal((await nodeOutput(request(), run, 'we<U+200B>b')).writtenByNodes, 'here\n');
  });
});

test('hostile names and titles stay within the limit', async () => {
  const name = (i: number) => `${'\u202e'.repeat(300)}"\\${i}`;
  const results = new Map(
    Array.from({ length: 50 }, (_, i) => [name(i), { text: '\u0007'.repeat(500), code: i }]),
  );
  const run = runOf(results, {
    title: '\u202e'.repeat(5000),
    choice: '"'.repeat(5000),
    connection: '\u0000'.repeat(5000),
    datacenters: Array.from({ length: 100 }, (_, i) => `${'é'.repeat(300)}${i}`),
    job: { kind: 'script', text: '\u0001'.repeat(100_000) },
  });
  await pages('read_run', (page) => runSummary(page, run, 'quiet'));
  await pages('read_run', (page) => runNodes(page, run, {}));
  await pages('read_run', (page) => runScript(page, run));
  await pages('search_run', (page) => foundLines(page, run, { text: '\ufffd' }));
  const listing = { info: run.info, state: 'quiet', counts: run.ledger.counts } as const;
  await pages('list_runs', (page) =>
    runList(
      page,
      Array.from({ length: 300 }, () => listing),
    ),
  );
});

test('lines are found in the outputs, with their node and number', async () => {
  const run = runOf(new Map([['a', { text: `one\n${'x'.repeat(500)} two\n`, code: 0 }]]));
  const [answer] = await pages('search_run', (page) => foundLines(page, run, { text: 'two' }));
  const [found] = answer!['found'] as { node: string; line: number; writtenByNodes: string }[];
  assert.equal(found!.node, 'a');
  assert.equal(found!.line, 2);
  assert.match(found!.writtenByNodes, /two$/);
  await assert.rejects(foundLines(request(), run, { text: '(', regex: true }), ToolInputError);
});

test('the script of a run comes whole', async () => {
  const text = `#!/bin/sh\n${'echo hello\n'.repeat(3000)}`;
  const run = runOf(new Map([['a', {}]]), { job: { kind: 'script', text } });
  const all = await pages('read_run', (page) => runScript(page, run));
  assert.equal(all.map((page) => page['script']).join(''), `${text}\n`);
});
