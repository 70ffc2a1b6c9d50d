import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { exportCsv } from '../../../../src/runs/export/csv.ts';
import { exportJson } from '../../../../src/runs/export/json.ts';
import { exportJsonLines } from '../../../../src/runs/export/jsonl.ts';
import { exportMarkdown } from '../../../../src/runs/export/markdown.ts';
import { nodeList, nodesWithStatus } from '../../../../src/runs/export/nodeList.ts';
import { Run } from '../../../../src/runs/run.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from '../sampleRun.ts';
import { violations } from './jsonSchema.ts';

const NOW = T0 + 9000;

function sample(): Run {
  const run = new Run(sampleInfo());
  for (const event of sampleEvents()) run.apply(event);
  return run;
}

/** A run of one node, with this output. */
function runOf(
  output: string | Uint8Array,
  node = 'a',
  more: Parameters<typeof sampleInfo>[0] = {},
): Run {
  const run = new Run(sampleInfo({ targets: [node], ...more }));
  const events = [
    started([node]),
    ...(output.length ? [wrote(node, output)] : []),
    exited(node, 0),
  ];
  for (const event of events) run.apply(event);
  return run;
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  return (await Array.fromAsync(pieces)).join('');
}

/** `UPDATE_GOLDEN=1` writes what is there now; look at the difference before it is committed. */
async function assertGolden(name: string, actual: string): Promise<void> {
  const path = join(import.meta.dirname, '../golden', name);
  if (process.env['UPDATE_GOLDEN']) await writeFile(path, actual);
  assert.equal(actual, await readFile(path, 'utf8'));
}

describe('an export of a run that goes on', () => {
  const beginning = sampleEvents().slice(0, 13);
  const rest = sampleEvents().slice(13);

  /** What is exported when all that follows happens right after the first piece was asked for. */
  async function overtaken(write: (run: Run) => AsyncIterable<string>): Promise<string> {
    const run = new Run(sampleInfo());
    for (const event of beginning) run.apply(event);
    let written = '';
    for await (const piece of write(run)) {
      if (written === '') for (const event of rest) run.apply(event);
      written += piece;
    }
    return written;
  }

  async function undisturbed(write: (run: Run) => AsyncIterable<string>): Promise<string> {
    const run = new Run(sampleInfo());
    for (const event of beginning) run.apply(event);
    return text(write(run));
  }

  const formats = {
    JSON: exportJson,
    'JSON Lines': exportJsonLines,
    CSV: (run: Run) => exportCsv(run),
    Markdown: (run: Run) => exportMarkdown(run, NOW),
  };
  for (const [name, write] of Object.entries(formats)) {
    test(`as ${name} is of one moment`, async () => {
      assert.equal(await overtaken(write), await undisturbed(write));
    });
  }
});

describe('golden exports', () => {
  test('JSON', async () => assertGolden('run.golden.json', await text(exportJson(sample()))));
  test('JSON Lines', async () =>
    assertGolden('run.golden.jsonl', await text(exportJsonLines(sample()))));
  test('CSV', async () => assertGolden('run.golden.csv', await text(exportCsv(sample()))));
  test('Markdown', async () =>
    assertGolden('run.golden.md', await text(exportMarkdown(sample(), NOW))));
  test('node list', async () => {
    const { ledger } = sample();
    const lists = [
      nodeList(nodesWithStatus(ledger)),
      nodeList(nodesWithStatus(ledger, ['failed', 'lost', 'noResponse'])),
    ];
    await assertGolden('nodes.golden.txt', lists.join(''));
  });
});

describe('JSON export', () => {
  const schema = async () =>
    JSON.parse(
      await readFile(join(import.meta.dirname, '../../../../media/run.schema.json'), 'utf8'),
    ) as Record<string, unknown> & { readonly $defs: Record<string, object> };

  /** At the end, of bytes that are no text, of an argument vector, while it goes on, with nobody there. */
  function manyRuns(): Run[] {
    const going = new Run(sampleInfo());
    going.apply(started(['a', 'b']));
    return [
      sample(),
      runOf(Buffer.from([0xff])),
      runOf('', 'a', { job: { kind: 'arguments', args: ['/bin/true'] }, announcements: [{}] }),
      new Run(sampleInfo({ targets: [] })),
      runOf('', 'a', { parameters: [{ name: 'version', value: "'; rm -rf / #\r\n🦊" }] }),
      going,
    ];
  }

  test('fits its schema: at the end, while it goes on, and with nobody there', async () => {
    for (const run of manyRuns()) {
      assert.deepEqual(violations(await schema(), JSON.parse(await text(exportJson(run)))), []);
    }
  });

  test('holds a large output exactly, text or not, and never all of it at once', async () => {
    const words = Buffer.from('\ufeff“ünïcode” \u{1f600}\n'.repeat(20_000));
    for (const output of [words, Buffer.concat([words, Buffer.from([0xff, 0x0a])])]) {
      for (const write of [exportJson, exportJsonLines]) {
        const pieces = await Array.fromAsync(write(runOf(output)));
        const longest = pieces.reduce((most, { length }) => Math.max(most, length), 0);
        assert.ok(longest < 300_000, `${longest} characters at once`);
        const written = pieces.join('');
        const nodes = written.split('\n').find((line) => line.includes('"output')) ?? '';
        const node = JSON.parse(nodes) as { output?: string; outputBase64?: string };
        const bytes = node.output ?? Buffer.from(node.outputBase64 ?? '', 'base64');
        assert.equal(node.output !== undefined, output === words);
        assert.ok(Buffer.from(bytes).equals(output));
      }
    }
  });

  test('as lines fits the record for lines of the same schema', async () => {
    const whole = await schema();
    const line = { ...whole.$defs['line'], $defs: whole.$defs };
    for (const run of manyRuns()) {
      for (const written of (await text(exportJsonLines(run))).trimEnd().split('\n')) {
        assert.deepEqual(violations(line, JSON.parse(written)), []);
      }
    }
    const [first = '', second = ''] = (await text(exportJsonLines(sample()))).split('\n');
    const [run, node] = [JSON.parse(first), JSON.parse(second)] as [object, object];
    for (const wrong of [
      { ...run, type: 'node' },
      { ...node, type: 'run' },
      { ...node, bytes: -1 },
      {},
    ]) {
      assert.notDeepEqual(violations(line, wrong), []);
    }
  });

  test('is found out by its schema when something is wrong with it', async () => {
    const valid = JSON.parse(await text(exportJson(sample()))) as { nodes: object[] };
    const rules = await schema();
    assert.notDeepEqual(violations(rules, { ...valid, schemaVersion: 1 }), []);
    assert.notDeepEqual(
      violations(rules, { ...valid, nodes: [{ ...valid.nodes[0], bytes: -1 }] }),
      [],
    );
    assert.notDeepEqual(
      violations(rules, { ...valid, nodes: [{ ...valid.nodes[0], outputBase64: '' }] }),
      [],
    );
  });

  test('gives every byte back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 30 }), async (bytes) => {
        const { nodes } = JSON.parse(await text(exportJson(runOf(bytes)))) as {
          nodes: { output?: string; outputBase64?: string }[];
        };
        const { output, outputBase64 } = nodes[0]!;
        const back =
          output === undefined ? Buffer.from(outputBase64!, 'base64') : Buffer.from(output);
        assert.deepEqual(back, Buffer.from(bytes));
      }),
    );
  });

  test('as lines holds a run and its nodes, each a document of its own', async () => {
    const lines = (await text(exportJsonLines(sample()))).trimEnd().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual(types, ['run', ...Array<string>(7).fill('node')]);
  });
});

/** Reads CSV by the letter of RFC 4180. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = csv;
  while (rest !== '') {
    const [whole, quoted, plain, end] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    assert.ok(whole !== undefined, `not CSV from here: ${rest.slice(0, 40)}`);
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(whole.length);
  }
  return rows;
}

async function outputCell(
  output: string,
  node?: string,
): Promise<{ node: string; output: string }> {
  const rows = parseCsv(await text(exportCsv(runOf(output, node), { byteOrderMark: false })));
  assert.equal(rows.length, 2);
  const cells = Object.fromEntries(rows[0]!.map((name, i) => [name, rows[1]![i]!]));
  return { node: cells['node']!, output: cells['output']! };
}

describe('CSV export', () => {
  test('keeps commas, quotes and line ends inside their cell', async () => {
    const { output } = await outputCell('a,b\n"c"\r\n\nd');
    assert.equal(output, 'a,b\n"c"\n\nd');
  });

  test('reads back by RFC 4180 whatever a node writes, and never holds a formula', async () => {
    const hostile = fc.stringMatching(/^[=+@\-\t\r\n",;'a ＝-]{0,12}$/u);
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostile, fc.string()), hostile, async (output, node) => {
        const cells = await outputCell(output, `${node}x`);
        for (const cell of [cells.output, cells.node]) {
          assert.doesNotMatch(cell, /^[\s]*[=+@\-＝＋－＠]|^[\t\r\n]/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('puts an apostrophe before what would be a formula, and before nothing else', async () => {
    assert.deepEqual(await outputCell('=1+1', '-web'), { node: "'-web", output: "'=1+1" });
    assert.equal((await outputCell('a=b')).output, 'a=b');
    assert.equal((await outputCell('ok\n=1')).output, 'ok\n=1');
  });

  test('holds no formula that calls anything where semicolons or tabs part the columns', async () => {
    const calls: readonly [string, string][] = [
      ['a;=HYPERLINK("x")', 'a;\'=HYPERLINK("x")'],
      ["a\t@SUM(1)\t-2+3+cmd|' /C calc'!A0", "a\t'@SUM(1)\t'-2+3+cmd|' /C calc'!A0"],
      ['ok\r\n +cmd|x', "ok\n' +cmd|x"],
      ['-rw-r--r-- 1 a\n-rw-r--r-- 1 b; -x', "'-rw-r--r-- 1 a\n-rw-r--r-- 1 b; -x"],
    ];
    for (const [output, cell] of calls) assert.equal((await outputCell(output)).output, cell);
    const hostile = fc.stringMatching(/^[=+@\-\t\r\n";(!|a ＝]{0,12}$/u);
    await fc.assert(
      fc.asyncProperty(hostile, async (output) => {
        const csv = await text(exportCsv(runOf(output), { byteOrderMark: false }));
        for (const cell of csv.split(/[;\t\r\n]/)) {
          assert.doesNotMatch(cell, /^\s*[=+\-@＝＋－＠][^(!|]*[(!|]/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('guards a hostile megabyte in no time', { timeout: 3000 }, async () => {
    for (const piece of [';=', ';', '\n', '; ', '\t=(', '=', ';=a']) {
      await outputCell(piece.repeat(2 ** 20 / piece.length));
    }
  });

  test('cuts output at what a cell holds', async () => {
    const { output } = await outputCell('=' + 'x'.repeat(100_000));
    assert.equal(output.length, 32_767);
    assert.ok(output.endsWith('…'));
  });

  test('leaves exit codes numbers, -1 too', async () => {
    const rows = parseCsv(await text(exportCsv(sample(), { byteOrderMark: false })));
    const column = rows[0]!.indexOf('exit_code');
    assert.deepEqual(
      rows.slice(1).map((row) => row[column]),
      ['', '-1', '', '0', '0', '2', '0'],
    );
  });
});

describe('Markdown export', () => {
  /** Lines of a note that are outside of all its fences. */
  function outside(note: string): string[] {
    const lines: string[] = [];
    let fence: string | undefined;
    for (const line of note.split('\n')) {
      const ticks = /^(`{3,})[a-z]*$/.exec(line)?.[1];
      if (fence === undefined && ticks) fence = ticks;
      else if (fence !== undefined && line === fence) fence = undefined;
      else if (fence === undefined) lines.push(line);
    }
    assert.equal(fence, undefined, 'a fence is left open');
    return lines;
  }

  test('keeps any command and any output inside its fence', async () => {
    const nasty = fc.stringMatching(/^[`~\n# a<!-]{0,30}$/);
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (output, script) => {
        const info = { job: { kind: 'script', text: script } } as const;
        const plain = { job: { kind: 'script', text: 'true' } } as const;
        const note = await text(exportMarkdown(runOf(`x${output}`, 'a', info), NOW));
        const calm = await text(exportMarkdown(runOf('x', 'a', plain), NOW));
        assert.deepEqual(outside(note), outside(calm));
      }),
      { numRuns: 500 },
    );
  });

  test('lets no name or title be more than text', async () => {
    const node = '`</code>\n# <img src=x>|[x](y)';
    const note = await text(
      exportMarkdown(runOf('x', node, { title: '<b>*x*</b> | [a](b)' }), NOW),
    );
    assert.match(note, /^# \\<b\\>\\\*x\\\*\\<\/b\\> \| \\\[a\\\]\(b\)$/m);
    assert.doesNotMatch(note, /^# <img/m);
    assert.ok(note.includes('`` `</code>\ufffd# <img src=x>|[x](y) ``'));
    assert.ok(note.includes('`` `</code>\ufffd# <img src=x>\\|[x](y) `` |'));
  });

  test('groups as it is told to, and says what that ignores', async () => {
    const run = new Run(sampleInfo({ targets: ['a', 'b'] }));
    const events = [started(['a', 'b']), wrote('a', 'at a\n'), wrote('b', 'at b\n')];
    for (const event of [...events, exited('a', 0), exited('b', 0)]) run.apply(event);
    const grouping = await run.groupings.ignoring({ ownName: true, trailingSpace: true });
    const note = await text(exportMarkdown(run, NOW, grouping));
    assert.match(
      note,
      /^## Output\n\nGrouped ignoring trailing space, the node's own name\. .*\n\n### 2 nodes /m,
    );
    assert.deepEqual(note.match(/^at .*$/gm), ['at a']);
    assert.doesNotMatch(await text(exportMarkdown(run, NOW)), /ignoring/);
  });

  test('shows what was entered, every character of it', async () => {
    const parameters = [
      { name: 'version', value: '1.3' },
      { name: 'note', value: 'a\n# b\u202e|' },
    ];
    const note = await text(exportMarkdown(runOf('x', 'a', { parameters }), NOW));
    const expected = String.raw`| Parameters | version = 1.3, note = "a\\n\# b\\u\{202e\}\|" |`;
    assert.equal(/^\| Parameters.*$/m.exec(note)?.[0], expected);
  });

  test('never breaks the cells of its table, whatever names and titles contain', async () => {
    const hostile = fc.stringMatching(/^[|\\` a]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (node, choice) => {
        const startedBy = {
          user: choice,
          host: node,
          tokenAccessor: node,
          tokenDescription: choice,
        };
        const parameters = [{ name: 'version', value: choice }];
        const run = runOf('x', node, { choice, startedBy, parameters });
        const note = await text(exportMarkdown(run, NOW));
        const rows = note.split('\n').filter((line) => /^\| [A-Z]/.test(line));
        assert.equal(rows.length, 8);
        for (const row of rows) {
          // As GFM reads it: what a backslash stands before is no end of a cell.
          assert.equal(row.replace(/\\[^\n]/g, '').match(/\|/g)?.length, 3, row);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is capped in characters, for each output and in all, and says what is left out', async () => {
    const long = await text(exportMarkdown(runOf('x'.repeat(1_000_000)), NOW));
    assert.ok(long.length < 25_000);
    assert.match(long, /x…\n```\n\nThe output continues: 1000000 bytes in total\./);
    const run = new Run(sampleInfo({ targets: ['a', 'b'] }));
    const events = [started(['a', 'b']), wrote('a', 'first\n'), wrote('b', 'second\n')];
    for (const event of [...events, exited('a', 0), exited('b', 0)]) run.apply(event);
    const limits = { lines: 10, characters: 10, totalCharacters: 5 };
    const note = await text(exportMarkdown(run, NOW, run.groupings.exact, limits));
    assert.match(note, /first/);
    assert.doesNotMatch(note, /second/);
    assert.match(note, /Output omitted \(7 bytes\): the note's size limit was reached\./);
  });

  test('shows the beginning of a long output and says how long it is', async () => {
    const note = await text(exportMarkdown(runOf('line\n'.repeat(1000)), NOW));
    assert.equal(note.match(/^line$/gm)?.length, 200);
    assert.match(note, /5000 bytes in total/);
  });
});

describe("a script's temporary file", () => {
  const output = '/tmp/rexec626391932: 1: x: not found\n';

  test('has the name of the script where people read, and its own in JSON', async () => {
    const run = runOf(output);
    for (const written of [await text(exportCsv(run)), await text(exportMarkdown(run, NOW))]) {
      assert.ok(written.includes('script: 1: x: not found'), written);
      assert.ok(!written.includes('rexec626391932'), written);
    }
    for (const write of [exportJson, exportJsonLines]) {
      assert.ok((await text(write(runOf(output)))).includes('/tmp/rexec626391932: 1'), write.name);
    }
  });
});

describe('output in another encoding', () => {
  const output = Buffer.from([0xd6, 0xd0, 0xce, 0xc4, 0x0a]);

  test('is text where people read, and bytes in JSON', async () => {
    const run = runOf(output);
    run.output.encodings.set({}, 'gbk');
    assert.ok((await text(exportCsv(run))).includes('中文'));
    assert.ok((await text(exportMarkdown(run, NOW))).includes('中文'));
    const json = JSON.parse(await text(exportJson(run))) as { nodes: { outputBase64: string }[] };
    assert.equal(json.nodes[0]?.outputBase64, output.toString('base64'));
  });
});

describe('node list', () => {
  test('never makes two names of one', () => {
    assert.equal(nodeList(['a\nb', 'c']), 'a\ufffdb\nc\n');
    assert.equal(nodeList([]), '');
  });
});
