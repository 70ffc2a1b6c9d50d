import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { bundleFile, exportStrings, stringsIn } from '../../scripts/l10nStrings.ts';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

const strings = await exportStrings();
const messages = Object.values(strings).map((text) =>
  typeof text === 'string' ? text : text.message,
);

test('the bundle for translators is up to date: npm run l10n writes it', async () => {
  assert.deepEqual(JSON.parse(await readFile(bundleFile, 'utf8')), strings);
});

test('texts are exported with the comments for their translators', () => {
  const source = `
    t('plain');
    vscode.l10n.t({ message: 'any', args: [], comment: ['Shown instead of ', 'a tag name'] });
    l10n.t({ message: 'one {0}', args: [x], comment: 'a comment' });
    t({ message: 'without', args: [] });
    t('long ' + 'text');
    other('not a text');`;
  assert.deepEqual(Object.fromEntries(stringsIn(source, 'a.ts')), {
    plain: 'plain',
    'any/Shown instead of a tag name': {
      message: 'any',
      comment: ['Shown instead of ', 'a tag name'],
    },
    'one {0}/a comment': { message: 'one {0}', comment: ['a comment'] },
    without: 'without',
    'long text': 'long text',
  });
});

for (const call of [
  't(name)',
  't(`a ${b}`)',
  't({ message: x })',
  "t({ message: 'a', comment: x })",
]) {
  test(`${call} can't be translated`, () => {
    assert.throws(() => stringsIn(call, 'a.ts'), /^Error: a\.ts: .* is not a literal text$/);
  });
}

/** Texts that have a separate one for a single thing, or never count just one. */
const NEVER_ONE: readonly string[] = [
  'All {0} nodes',
  'This names more than {0} nodes. Check the numbers.',
  'The range {0}-{1} runs backwards.',
  'The filters no longer match some of these {0} nodes.',
  'The agent tokens of {0} nodes may lack {1}.',
  "Gossip doesn't reach some of these {0} nodes, so the event didn't either.",
  "Gossip doesn't reach some of these {0} nodes now.",
  'Delete {0} runs and their output?',
  "Why {0} Nodes Didn't Respond",
  'Why {0} Nodes Lost Contact',
  'No response in up to {0} runs. Other nodes that always responded: {1}.',
  '{0} responded in {1} of {2} runs.',
  'the first {0} lines',
];

test('every text with a count has a counterpart for one', () => {
  const counted = /\{\d\} (node|run|line|datacenter|group|day)s\b/;
  for (const message of messages) {
    const [plural, noun = ''] = counted.exec(message) ?? [];
    if (plural === undefined || NEVER_ONE.includes(message)) continue;
    const start = message.slice(0, message.indexOf(plural));
    const one = `${start}1 ${noun}`;
    assert.ok(
      messages.some((other) => other.startsWith(one)),
      `"${message}" has no "${one}…"`,
    );
  }
});

/** Runs a module with the texts of a bundle, in a process of its own: a bundle is loaded for good. */
async function runWithBundle(
  bundle: Readonly<Record<string, unknown>>,
  script: string,
): Promise<string> {
  const folder = temporaryFolder('l10n');
  try {
    const file = join(folder.path, 'bundle.l10n.de.json');
    await writeFile(file, JSON.stringify(bundle));
    // This is how extension.ts passes on `vscode.l10n.uri`.
    const start = `
      import * as l10n from '@vscode/l10n';
      l10n.config({ fsPath: ${JSON.stringify(file)} });`;
    const args = ['--input-type=module-typescript', '--eval', `${start}\n${script}`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository });
    return stdout.trim();
  } finally {
    folder.remove();
  }
}

test('the layers below the editor use the bundle they are given', async () => {
  const bundle = { 'no response': 'keine Antwort' };
  const script = `
    import { describeState } from './src/runs/text/stateText.ts';
    console.log(describeState({ state: 'noResponse', since: 0 }, 'quiet', 0));`;
  assert.equal(await runWithBundle(bundle, script), 'keine Antwort');
});

test('a text with a comment is found under the exported key, as a string or with its comment', async () => {
  const call = "l10n.t({ message: 'any {0}', args: ['tag'], comment: ['Shown ', 'for a tag'] })";
  const [key = ''] = stringsIn(call, 'a.ts').keys();
  const script = `console.log(${call});`;
  assert.equal(await runWithBundle({ [key]: 'jedes {0}' }, script), 'jedes tag');
  const commented = { message: 'jedes {0}', comment: ['Shown ', 'for a tag'] };
  assert.equal(await runWithBundle({ [key]: commented }, script), 'jedes tag');
});
