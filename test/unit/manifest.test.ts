import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import { parseDuration } from '../../src/consul/duration.ts';
import {
  commands,
  contextKeys,
  SELECTED,
  SETTINGS,
  views,
} from '../../src/editor/contributions.ts';
import { requirePrefix } from '../../src/exec/keys.ts';
import { packagedReadme } from '../setup/readme.ts';
import { vscodeVersion } from '../setup/vscodeServer.ts';
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
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
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
const { contributes, devDependencies, engines, l10n } = JSON.parse(text) as Manifest;
const names = JSON.parse(await read('package.nls.json')) as Readonly<Record<string, string>>;
const settings = Object.entries(contributes.configuration.properties);
const menuEntries = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);

/** All of src in one text, to look for uses. */
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

test('every command of the code is declared, and every declared one is known to the code', () => {
  const declared = contributes.commands.map(({ command }) => command);
  assert.deepEqual(declared.toSorted(), Object.values(commands).toSorted());
});

test('every command is registered once', () => {
  const registered = [...source.matchAll(/register(?:Row)?Command\(\s*commands\.(\w+)/g)].map(
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

test('no two commands of the palette look the same', () => {
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
    // Deleting is never a guess at the newest run.
    const needsRow = needsNode || command === commands.removeRun;
    if (!needsRow && command !== commands.showMoreNodes) continue;
    assert.equal(entries.find(inPalette)?.when, 'false', command);
  }
});

test('in menus that are not ours the title tells whose command it is', () => {
  const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
  for (const { menu, command = '' } of menuEntries) {
    if (!/^(editor|explorer)\//.test(menu)) continue;
    assert.match(english(titles.get(command) ?? ''), /\bConsul\b/, `${menu}: ${command}`);
  }
});

test('keys act only where they are meant, and on rows only on those that are selected', () => {
  for (const { command = '', key, when = '', args } of contributes.keybindings) {
    assert.match(when, /\b(editorTextFocus|focusedView == consulExec\.runs)\b/, key);
    const isOfRows = when.includes('focusedView');
    assert.equal(args, isOfRows ? SELECTED : undefined, key);
    const name = command.slice('consulExec.'.length);
    const registered = new RegExp(`registerRowCommand\\(\\s*commands\\.${name}\\b`).test(source);
    assert.equal(registered, isOfRows, command);
  }
});

test('whatever starts a run is off in a restricted window', () => {
  const starting = contributes.commands.filter(({ command }) => /\.run[A-Z]/.test(command));
  assert.ok(starting.length > 0);
  for (const { command, enablement } of starting) {
    assert.equal(enablement, 'isWorkspaceTrusted', command);
  }
});

test('clauses ask for context keys that the code sets', () => {
  const known = new Set<string>([...Object.values(contextKeys), ...Object.values(views)]);
  const clauses = [...menuEntries, ...contributes.viewsWelcome, ...contributes.keybindings]
    .map(({ when }) => when)
    .concat(contributes.commands.map(({ enablement }) => enablement));
  for (const clause of clauses) {
    for (const [key] of clause?.matchAll(/consulExec\.\w+/g) ?? []) assert.ok(known.has(key), key);
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
    const [prefix, name = ''] = id.split('.');
    assert.equal(prefix, SETTINGS, id);
    assert.match(english(markdownDescription ?? description ?? ''), /\w+ .*\.$/s, id);
    assert.ok(scope !== undefined, `${id} has no scope`);
    assert.ok(source.includes(`'${name}'`), `${id} is read nowhere`);
  }
});

/** What settings of this name take, at the top and in a connection. */
function patternsOf(name: string): RegExp[] {
  const { properties } = contributes.configuration;
  return [
    properties[`consulExec.${name}`],
    properties['consulExec.connections']?.items?.properties[name],
  ].map((setting) => new RegExp(setting?.pattern ?? '(?!)', 'u'));
}

test('the settings editor takes the durations and prefixes that a run takes', () => {
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
      for (const one of texts) {
        assert.equal(pattern.test(one), accepts(read, one), `“${one}” ${pattern.source}`);
      }
    }
  }
});

test('the oldest VS Code it says to run in is the one it is tested in', () => {
  const minor = (version: string) => version.replace(/^\D+/, '').split('.').slice(0, 2).map(Number);
  assert.deepEqual(minor(engines.vscode), minor(vscodeVersion));
  const [, types = 0] = minor(devDependencies['@types/vscode'] ?? '');
  const [, engine = 0] = minor(engines.vscode);
  assert.ok(types <= engine, 'the types offer what that VS Code has not');
});

/** How output looks; everything else decides where a run goes, what it may do or who is asked. */
const HARMLESS: ReadonlySet<string> = new Set(['consulExec.showOutputOnRun']);

test('no workspace can set what redirects a run or spares its confirmation', () => {
  for (const [id, { scope = '' }] of settings) {
    if (HARMLESS.has(id)) continue;
    assert.match(scope, /^(machine|application)$/, id);
  }
});

test('icons of commands are named as codicons', () => {
  for (const { command, icon } of contributes.commands) {
    if (icon !== undefined) assert.match(icon, /^\$\([a-z-]+\)$/, command);
  }
});

test('the walkthrough has steps that can be done, each with a picture in the colours of the theme', async () => {
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

test('the page of the installed extension has no picture or link that leads nowhere', async () => {
  const page = packagedReadme(await read('README.md'));
  for (const [link, target = ''] of page.matchAll(/!?\[[^\]]*\]\(([^)]*)\)/g)) {
    assert.match(target, /^(https:|#)/, link);
  }
  assert.match(page, /^# Consul Exec\n/);
  assert.doesNotMatch(page, /\n{3}/);
});

test('the package holds only what runs', async () => {
  const files = await listFiles({ cwd: repository, packageManager: PackageManager.None });
  const folders = [`${l10n.replace('./', '')}/`, 'media/walkthrough/'];
  const wanted = (path: string) =>
    // vsce lists README.md whatever is packaged in its place.
    ['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'].includes(path) ||
    // What exports refer to.
    path === 'media/run.schema.json' ||
    /^dist\/(?:extension|re2js|undici)\.cjs$/.test(path) ||
    (path.startsWith('media/') && text.includes(`"${path}"`)) ||
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
  ];
  for (const path of [...needed, 'media/l10n/bundle.l10n.json', 'media/walkthrough/act.svg']) {
    assert.ok(files.includes(path), path);
  }
});
