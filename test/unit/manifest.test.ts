import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import { parseDuration } from '../../src/consul/duration.ts';
import {
  commands,
  contextKeys,
  OUTPUT_LANGUAGE,
  SELECTED,
  SETTINGS,
  views,
} from '../../src/editor/base/contributions.ts';
import { contextValue, everyRow } from '../../src/editor/runsView/contextValue.ts';
import { toUriParts } from '../../src/runs/documents/documentAddress.ts';
import { requirePrefix } from '../../src/exec/protocol/keys.ts';
import { packagedReadme } from '../../scripts/packageReadme.ts';
import { oldestVscode } from '../setup/vscodeReleases.ts';
import { repository } from '../setup/repository.ts';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

interface MenuEntry {
  readonly command?: string;
  readonly when?: string;
}

interface Keybinding extends MenuEntry {
  readonly key: string;
  readonly mac?: string;
  readonly args?: unknown;
}

interface Setting {
  readonly pattern?: string;
  readonly items?: { readonly properties: Readonly<Record<string, Setting>> };
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

interface Walkthrough {
  readonly steps: readonly {
    readonly title: string;
    readonly description: string;
    readonly media: { readonly svg: string; readonly altText: string };
    readonly completionEvents: readonly string[];
  }[];
}

interface Manifest {
  readonly l10n: string;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly filenamePatterns: string[] }[];
    readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly when?: string }[];
    readonly keybindings: readonly Keybinding[];
    readonly walkthroughs: readonly Walkthrough[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
}

const read = (path: string) => readFile(join(repository, path), 'utf8');
const text = await read('package.json');
const { capabilities, contributes, devDependencies, engines, l10n } = JSON.parse(text) as Manifest;
const names = JSON.parse(await read('package.nls.json')) as Readonly<Record<string, string>>;
const settings = Object.entries(contributes.configuration.properties);
const menuEntries = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);

/** Reads all of src as one text, to search for uses. */
async function readSource(): Promise<string> {
  const files: string[] = [];
  for await (const path of glob('src/**/*.ts', { cwd: repository })) files.push(await read(path));
  return files.join('\n');
}
const source = await readSource();

/** The English text of a `%key%`, or the text itself. */
function english(value: string): string {
  const [, key] = /^%(.*)%$/.exec(value) ?? [];
  return key === undefined ? value : (names[key] ?? '');
}

test('every command of the code is declared, and every declared command is in the code', () => {
  const declared = contributes.commands.map(({ command }) => command);
  assert.deepEqual(declared.toSorted(), Object.values(commands).toSorted());
});

test('every command is registered once', () => {
  const registered = [...source.matchAll(/register(?:Row|Run)?Command\(\s*commands\.(\w+)/g)].map(
    ([, id]) => id,
  );
  assert.deepEqual(registered.toSorted(), Object.keys(commands).toSorted());
});

test('every command has a title in words and the category Consul Exec', () => {
  for (const { command, title, category } of contributes.commands) {
    assert.match(english(title), /^[A-Z]\w/, command);
    assert.equal(category, 'Consul Exec', command);
  }
});

test('no two commands have the same title', () => {
  const titles = contributes.commands.map(({ title }) => english(title));
  assert.equal(new Set(titles).size, titles.length);
});

test('menus, keys and welcome texts name declared commands only', () => {
  // VS Code itself declares the command that shows a view.
  const shown = Object.values(views).map((view) => `${view}.focus`);
  const declared = new Set<string>([...Object.values(commands), ...shown]);
  const links = Object.values(names).flatMap((value) =>
    [...value.matchAll(/\(command:(consulExec\.[\w.]+)/g)].map(([, command]) => command ?? ''),
  );
  const used = [...menuEntries, ...contributes.keybindings].flatMap(({ command }) =>
    command?.startsWith('consulExec.') === true ? [command] : [],
  );
  for (const command of [...links, ...used]) assert.ok(declared.has(command), command);
});

test('commands that need a row of the tree are hidden from the palette', () => {
  const inPalette = ({ menu }: { readonly menu: string }) => menu === 'commandPalette';
  for (const { command } of contributes.commands) {
    const entries = menuEntries.filter((entry) => entry.command === command);
    const places = entries.filter((entry) => !inPalette(entry));
    const needsNode = places.length > 0 && places.every(({ when }) => when?.includes('^node'));
    // Deleting must never apply to the newest run by default.
    const needsRow = needsNode || command === commands.removeRun;
    if (!needsRow && command !== commands.showMoreNodes) continue;
    assert.equal(entries.find(inPalette)?.when, 'false', command);
  }
});

test('in menus of VS Code, the title of a command names Consul', () => {
  const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
  for (const { menu, command = '' } of menuEntries) {
    if (!/^(editor|explorer)\//.test(menu)) continue;
    assert.match(english(titles.get(command) ?? ''), /\bConsul\b/, `${menu}: ${command}`);
  }
});

test('keys work only in their place, and act only on selected rows', () => {
  for (const { command = '', key, when = '', args } of contributes.keybindings) {
    assert.match(when, /\b(editorTextFocus|focusedView == consulExec\.runs)\b/, key);
    // What was removed has no row any more.
    const isOfRows = when.includes('focusedView') && command !== commands.undoRemoveRun;
    assert.equal(args, isOfRows ? SELECTED : undefined, key);
    const name = command.slice('consulExec.'.length);
    const registered = new RegExp(`registerRowCommand\\(\\s*commands\\.${name}\\b`).test(source);
    assert.equal(registered, isOfRows, command);
  }
});

test('commands that start a run are disabled in Restricted Mode', () => {
  const starting = contributes.commands.filter(({ command }) => /\.run[A-Z]/.test(command));
  assert.ok(starting.length > 0);
  for (const { command, enablement } of starting) {
    assert.equal(enablement, 'isWorkspaceTrusted', command);
  }
});

test('when clauses use only context keys that the code sets', () => {
  // VS Code keeps the values of settings for `config.`.
  const settings = ['consulExec.assistants'];
  const known = new Set([...Object.values(contextKeys), ...Object.values(views), ...settings]);
  const clauses = [...menuEntries, ...contributes.viewsWelcome, ...contributes.keybindings]
    .map(({ when }) => when)
    .concat(contributes.commands.map(({ enablement }) => enablement));
  for (const clause of clauses) {
    for (const [key] of clause?.matchAll(/consulExec\.\w+/g) ?? []) assert.ok(known.has(key), key);
  }
});

/** The patterns for `viewItem` in a `when` clause, all of which must match. */
function rowPatterns(when: string): RegExp[] {
  const conditions = when.split(' && ').filter((condition) => condition.includes('viewItem'));
  return conditions.map((condition) => {
    const [, pattern] = /^viewItem =~ \/((?:[^/\\]|\\.)+)\/$/.exec(condition) ?? [];
    assert.ok(pattern !== undefined, `this test cannot read "${condition}"`);
    return new RegExp(pattern);
  });
}

test('menus for rows of the Runs view match rows that exist', () => {
  const values = everyRow().map(contextValue);
  const words = new Set(values.flatMap((value) => value.split(' ')));
  const clauses = menuEntries.filter(
    ({ when }) => when?.includes('viewItem') && !when.includes(views.fleet),
  );
  assert.ok(clauses.length > 30);
  for (const { command = '', when = '' } of clauses) {
    const patterns = rowPatterns(when);
    const isMatched = values.some((value) => patterns.every((pattern) => pattern.test(value)));
    assert.ok(isMatched, `${command}: no row matches "${when}"`);
    for (const { source } of patterns) {
      for (const [word] of source.replaceAll('\\b', ' ').matchAll(/\w+/g)) {
        assert.ok(words.has(word), `${command}: no row has "${word}"`);
      }
    }
  }
});

test('the views of the code are the declared ones', () => {
  const declared = Object.values(contributes.views)
    .flat()
    .map(({ id }) => id);
  assert.deepEqual(declared.toSorted(), Object.values(views).toSorted());
});

test('every text of the manifest is in package.nls.json, and none there is unused', () => {
  const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
  assert.deepEqual([...used].toSorted(), Object.keys(names).toSorted());
  for (const [key, value] of Object.entries(names)) assert.notEqual(value.trim(), '', key);
});

test('every setting is described, scoped and read', () => {
  for (const [id, { scope, description, markdownDescription }] of settings) {
    const [prefix = ''] = id.split('.');
    const name = id.slice(prefix.length + 1);
    assert.equal(prefix, SETTINGS, id);
    assert.match(english(markdownDescription ?? description ?? ''), /\w+ .*\.$/s, id);
    assert.ok(scope !== undefined, `${id} has no scope`);
    assert.ok(source.includes(`'${name}'`), `${id} is read nowhere`);
  }
});

/** The patterns of the settings with this name, at the top level and in a connection. */
function patternsOf(name: string): RegExp[] {
  const { properties } = contributes.configuration;
  return [
    properties[`consulExec.${name}`],
    properties['consulExec.connections']?.items?.properties[name],
  ].map((setting) => new RegExp(setting?.pattern ?? '(?!)', 'u'));
}

test('the settings editor accepts the same durations and prefixes as a run', () => {
  const accepts = (read: (text: string) => unknown, text: string) => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };
  const durations = ['2s', '1m30s', '0', '-1s', '.5h', '1.s', '10µs', '', '2', 's', '2 s', '2d'];
  const prefixes = ['_rexec', 'a/b', 'a/b/', 'a b/c', '.a', '...', '', '/', '/a', 'a//b', './a'];
  const oddPrefixes = ['a/..', '.', ' a', 'a ', 'a/ b', 'a/'];
  for (const [names, read, texts] of [
    [['wait', 'replicationWait'], parseDuration, durations],
    [['prefix'], requirePrefix, [...prefixes, ...oddPrefixes]],
  ] as const) {
    for (const pattern of names.flatMap(patternsOf)) {
      for (const value of texts) {
        assert.equal(pattern.test(value), accepts(read, value), `"${value}" ${pattern.source}`);
      }
    }
  }
});

test('the oldest supported VS Code is tested, and the types are its own', () => {
  const minor = (version: string) => version.replace(/^\D+/, '').split('.').slice(0, 2).map(Number);
  assert.deepEqual(minor(engines.vscode), minor(oldestVscode.version));
  assert.deepEqual(minor(devDependencies['@types/vscode'] ?? ''), minor(oldestVscode.version));
});

/** Affects only how output looks. All other settings decide where a run goes, what it does, or what is confirmed. */
const HARMLESS: ReadonlySet<string> = new Set(['consulExec.showOutputOnRun', 'consulExec.lenses']);

/** These can only fill in a selection, which the user then reviews. */
const SUGGESTING: readonly string[] = ['consulExec.sets'];

test('what a workspace can suggest has no force in Restricted Mode', () => {
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, SUGGESTING);
});

test('a workspace cannot redirect a run or skip its confirmation', () => {
  for (const [id, { scope = '' }] of settings) {
    if (HARMLESS.has(id) || SUGGESTING.includes(id)) continue;
    assert.match(scope, /^(machine|application)$/, id);
  }
});

test('outputs have a language of their own by their path, but scripts and files of the user do not', () => {
  const { languages, configurationDefaults } = contributes;
  assert.deepEqual(
    languages.map(({ id }) => id),
    [OUTPUT_LANGUAGE],
  );
  assert.deepEqual(Object.keys(configurationDefaults), [`[${OUTPUT_LANGUAGE}]`]);
  const patterns = languages.flatMap(({ filenamePatterns }) => filenamePatterns);
  const isOutput = (path: string) => patterns.some((pattern) => matchesGlob(path, pattern));
  const runId = '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11';
  for (const title of ['uptime; df -h /', '', '[a]{b}*?', '· 2026-03-01 14:02']) {
    const run = { title, createdAt: Date.UTC(2026, 2, 1, 14, 2) };
    const pathOf = (address: Parameters<typeof toUriParts>[0]) => toUriParts(address, run).path;
    assert.ok(isOutput(pathOf({ kind: 'node', runId, node: 'web-1@dc1' })), title);
    for (const form of ['node', 'group', 'comparison'] as const) {
      assert.ok(isOutput(pathOf({ kind: 'combined', runId, form, ignored: {} })), title);
    }
    assert.equal(isOutput(pathOf({ kind: 'script', runId })), false, title);
  }
  for (const path of [
    '/home/ops/notes.txt',
    '/home/ops/2026-03-01 14:02/notes.txt',
    '/a · b/c.txt',
  ]) {
    assert.equal(isOutput(path), false, path);
  }
});

test('icons of commands are codicons', () => {
  for (const { command, icon } of contributes.commands) {
    if (icon !== undefined) assert.match(icon, /^\$\([a-z-]+\)$/, command);
  }
});

test('each step of the walkthrough can be completed, and has a picture in the colors of the theme', async () => {
  for (const { steps } of contributes.walkthroughs) {
    assert.ok(steps.length >= 4 && steps.length <= 6);
    for (const { title, description, media, completionEvents } of steps) {
      assert.match(english(description), /\]\(command:/, title);
      assert.match(english(media.altText), /\.$/, title);
      const picture = await read(media.svg);
      assert.match(picture, /var\(--vscode-foreground\)/, media.svg);
      assert.ok(picture.length < 4096, media.svg);
      for (const event of completionEvents) {
        const [, kind, id = ''] = /^(on\w+):(.*)$/.exec(event) ?? [];
        const known: Readonly<Record<string, readonly string[]>> = {
          onCommand: Object.values(commands),
          onContext: Object.values(contextKeys),
          onView: Object.values(views),
          onSettingChanged: settings.map(([setting]) => setting),
        };
        assert.ok(known[kind ?? '']?.includes(id), event);
      }
    }
  }
});

test('the page of the installed extension has no broken pictures or links', async () => {
  const page = packagedReadme(await read('README.md'));
  for (const [link, target = ''] of page.matchAll(/!?\[[^\]]*\]\(([^)]*)\)/g)) {
    assert.match(target, /^(https:|#)/, link);
  }
  assert.match(page, /^# Consul Exec\n/);
  assert.doesNotMatch(page, /\n{3}/);
});

test('the package has only the files that it needs', async () => {
  const files = await listFiles({ cwd: repository, packageManager: PackageManager.None });
  const folders = ['media/walkthrough/', 'media/skills/'];
  const wanted = (path: string) =>
    // vsce lists README.md even though another file is packaged in its place.
    ['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'].includes(path) ||
    // Exports refer to the one, and assistants read the other.
    path === 'media/run.schema.json' ||
    path === 'media/answers.schema.json' ||
    /^dist\/(?:extension|markdown-it|re2js|undici|chunk-[A-Z0-9]{8})\.cjs$/.test(path) ||
    (path.startsWith('media/') && text.includes(`"${path}"`)) ||
    // Translations, and not the English texts that translators need.
    (path.startsWith(l10n.replace('./', '')) && !path.endsWith('bundle.l10n.json')) ||
    folders.some((folder) => path.startsWith(folder));
  assert.deepEqual(
    files.filter((path) => !wanted(path)),
    [],
  );
  const needed = [
    'package.json',
    'package.nls.json',
    'LICENSE',
    'media/icon.png',
    'media/run.schema.json',
    'media/answers.schema.json',
    'media/skills/consul-exec/SKILL.md',
  ];
  for (const path of [...needed, 'media/walkthrough/act.svg']) {
    assert.ok(files.includes(path), path);
  }
});
