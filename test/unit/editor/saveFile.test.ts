import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Uri } from 'vscode';

const { saveFile } = await import('../../../src/editor/base/saveFile.ts');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'save-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function save(
  name: string,
  pieces: AsyncIterable<string> = yielding('new'),
  signal = new AbortController().signal,
): Promise<void> {
  const target: unknown = { scheme: 'file', fsPath: join(folder, name) };
  await saveFile(target as Uri, pieces, () => undefined, signal);
}

async function* yielding(...pieces: readonly string[]): AsyncGenerator<string, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

const textOf = (name: string) => readFile(join(folder, name), 'utf8');

test('a file is replaced and keeps its mode', async () => {
  await writeFile(join(folder, 'a'), 'old, and longer');
  for (const mode of [0o600, 0o755, 0o444]) {
    await chmod(join(folder, 'a'), mode);
    await save('a', yielding('n', 'ew'));
    assert.equal(await textOf('a'), 'new');
    assert.equal((await stat(join(folder, 'a'))).mode & 0o7777, mode);
  }
  assert.deepEqual(await readdir(folder), ['a']);
});

test('a symbolic link stays, and the file that it means is replaced', async () => {
  await mkdir(join(folder, 'real'));
  await mkdir(join(folder, 'deep/er'), { recursive: true });
  await writeFile(join(folder, 'real/file'), 'old');
  await chmod(join(folder, 'real/file'), 0o640);
  await symlink('../../real', join(folder, 'deep/er/folder'));
  // Relative to the folder that the link is really in.
  await symlink('../deep/er/folder/file', join(folder, 'real/second'));
  await symlink('deep/er/folder/second', join(folder, 'first'));
  await save('first');
  assert.equal(await textOf('real/file'), 'new');
  assert.equal((await lstat(join(folder, 'real/file'))).mode & 0o7777, 0o640);
  assert.equal(await readlink(join(folder, 'first')), 'deep/er/folder/second');
  assert.equal(await readlink(join(folder, 'real/second')), '../deep/er/folder/file');
  assert.deepEqual(await readdir(join(folder, 'real')), ['file', 'second']);
});

test('a symbolic link to a missing file stays, and the file is created', async () => {
  await symlink('missing', join(folder, 'link'));
  await save('link');
  assert.equal(await textOf('missing'), 'new');
  assert.equal(await readlink(join(folder, 'link')), 'missing');
});

test('a circle of symbolic links is an error', async () => {
  await symlink('b', join(folder, 'a'));
  await symlink('a', join(folder, 'b'));
  await assert.rejects(save('a'), /Can't write .*ELOOP/);
});

test('a file stays as it is when writing fails or is canceled', async () => {
  await writeFile(join(folder, 'a'), 'old');
  async function* failing() {
    yield 'some';
    await Promise.reject(new Error('broken'));
  }
  await assert.rejects(save('a', failing()), /broken/);
  await assert.rejects(save('a', yielding('x'), AbortSignal.abort()));
  assert.equal(await textOf('a'), 'old');
  assert.deepEqual(await readdir(folder), ['a']);
});
