import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { bundleFile, exportStrings } from '../l10n/strings.ts';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

const strings = await exportStrings();

test('the texts for translators are those of the code: npm run l10n writes them', async () => {
  assert.deepEqual(JSON.parse(await readFile(bundleFile, 'utf8')), strings);
});

/** Texts that have another for one, or are never about one. */
const NEVER_ONE: readonly string[] = [
  'All {0} nodes',
  'Why {0} nodes never answered',
  'No answer in up to {0} runs; others that always answered: {1}.',
  '{0} answered in {1} of {2} runs.',
  'the first {0} lines',
];

test('what is counted has a text for one of it', () => {
  const messages = Object.keys(strings);
  const counted = /\{\d\} (node|run|line|datacenter|group|day)s\b/;
  for (const message of messages) {
    const [plural, noun = ''] = counted.exec(message) ?? [];
    if (plural === undefined || NEVER_ONE.includes(message)) continue;
    const start = message.slice(0, message.indexOf(plural));
    const one = `${start}1 ${noun}`;
    assert.ok(
      messages.some((other) => other.startsWith(one)),
      `“${message}” has no “${one}…”`,
    );
  }
});

test('the rooms below the editor speak the language of a bundle they are given', async () => {
  const folder = temporaryFolder('l10n');
  try {
    const bundle = join(folder.path, 'bundle.l10n.de.json');
    await writeFile(bundle, JSON.stringify({ 'never answered': 'hat nie geantwortet' }));
    // As extension.ts does with `vscode.l10n.uri`; in a process of its own, since it is for good.
    const script = `
      import * as l10n from '@vscode/l10n';
      import { describeState } from './src/runs/wording.ts';
      l10n.config({ fsPath: ${JSON.stringify(bundle)} });
      console.log(describeState({ state: 'silent', since: 0 }, 'quiet', 0));`;
    const args = ['--input-type=module-typescript', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository });
    assert.equal(stdout.trim(), 'hat nie geantwortet');
  } finally {
    folder.remove();
  }
});
