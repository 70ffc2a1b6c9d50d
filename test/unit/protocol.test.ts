import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../setup/repository.ts';

const read = (file: string) => readFile(join(repository, file), 'utf8');

test('every section of PROTOCOL.md that is cited exists', async () => {
  const protocol = await read('src/exec/PROTOCOL.md');
  const sections = new Set(
    Array.from(protocol.matchAll(/^#{2,3} (\d+(?:\.\d+)?) /gm), ([, number]) => number),
  );
  const cited = new Map<string, string>();
  for (const [, number = ''] of protocol.matchAll(/§(\d+(?:\.\d+)?)/g)) cited.set(number, 'itself');
  for await (const file of glob(['src/**/*.ts', 'test/**/*.ts'], { cwd: repository })) {
    const pointers = (await read(file)).matchAll(/(\S+) §(\d+(?:\.\d+)?)/g);
    for (const [pointer, document = '', number = ''] of pointers) {
      assert.match(document, /PROTOCOL\.md$/, `${file}: "${pointer}" does not name a document`);
      cited.set(number, file);
    }
  }
  assert.ok(cited.size > 10);
  for (const [number, file] of cited) {
    assert.ok(sections.has(number), `${file} cites §${number}, which does not exist`);
  }
});
