import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { findOnPath, runCommand } from '../../setup/command.ts';
import { ensureConsul } from '../../setup/consul.ts';
import { ensureDebianPackage } from '../../setup/debianPackage.ts';
import { PlainError } from '../../setup/plainError.ts';
import { repository } from '../../setup/repository.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { newestVscode } from '../../setup/vscodeReleases.ts';
import { ensureVscodeServer } from '../../setup/vscodeServer.ts';
import { Program } from '../../support/program.ts';

const folder = temporaryFolder('prepare');
const before = { ...process.env };
after(() => folder.remove());
afterEach(() => {
  for (const name of Object.keys(process.env))
    if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

const plain = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PlainError, String(error));
  assert.match(error.message, pattern);
  return true;
};

test("a missing program that can't be installed is named, with its package", async () => {
  process.env['PATH'] = folder.path;
  await assert.rejects(
    ensureDebianPackage(['g++', 'make'], 'g++', 'make'),
    plain(
      /^Missing on this machine: g\+\+, make\. .*\(on Debian: g\+\+ make\).*this machine isn't Debian\.$/,
    ),
  );
});

test('programs that exist are used as they are', async () => {
  assert.equal(await ensureDebianPackage('none', 'sh', 'cat'), findOnPath('sh'));
});

test('the VS Code server is not compiled in a path that breaks its makefiles', async () => {
  process.env['CONSUL_EXEC_CACHE'] = join(folder.path, 'my cache');
  await assert.rejects(
    ensureVscodeServer(newestVscode),
    plain(/my cache.*CONSUL_EXEC_CACHE to a folder without spaces or quotes\.$/),
  );
});

test('tests whose preparation fails print why, and end with the count', async () => {
  const missing = join(folder.path, 'no-consul');
  const program = new Program(process.execPath, [join(repository, 'test', 'run.ts'), 'consul'], {
    CONSUL_BIN: missing,
  });
  assert.equal(await program.end(), 1);
  assert.match(
    program.output,
    /\nCONSUL_BIN is set to .*no-consul, which doesn't exist\.\n\n0 passed, 1 failed\n$/,
  );
});

test('a level that does not exist counts as a failure', async () => {
  const program = new Program(process.execPath, [join(repository, 'test', 'run.ts'), 'units']);
  assert.equal(await program.end(), 1);
  assert.match(
    program.output,
    /^There is no level "units"\. Use one of: unit, .*\n\n0 passed, 1 failed\n$/,
  );
});

test(
  'Consul from the package in CONSUL_EXEC_CONSUL_DEB',
  { skip: !findOnPath('dpkg-deb') },
  async () => {
    process.env['CONSUL_EXEC_CACHE'] = join(folder.path, 'cache');
    Reflect.deleteProperty(process.env, 'CONSUL_BIN');

    process.env['CONSUL_EXEC_CONSUL_DEB'] = join(folder.path, 'none.deb');
    await assert.rejects(
      ensureConsul(),
      plain(/^CONSUL_EXEC_CONSUL_DEB is set to .*, which doesn't exist\.$/),
    );

    process.env['CONSUL_EXEC_CONSUL_DEB'] = await consulPackage('1.8.70-1');
    await assert.rejects(
      ensureConsul(),
      plain(/has version 1\.8\.70-1\. Consul 1\.8\.7 is needed/),
    );

    process.env['CONSUL_EXEC_CONSUL_DEB'] = await consulPackage('1.8.7+dfsg1-2');
    assert.equal(readFileSync(await ensureConsul(), 'utf8'), '1.8.7+dfsg1-2');
  },
);

/** @returns a .deb of this version, whose program is a text file */
async function consulPackage(version: string): Promise<string> {
  const root = join(folder.path, version);
  mkdirSync(join(root, 'DEBIAN'), { recursive: true });
  mkdirSync(join(root, 'usr', 'bin'), { recursive: true });
  writeFileSync(join(root, 'usr', 'bin', 'consul'), version);
  writeFileSync(
    join(root, 'DEBIAN', 'control'),
    `Package: consul\nVersion: ${version}\nArchitecture: all\nMaintainer: Test <test@localhost>\nDescription: text\n`,
  );
  await runCommand('dpkg-deb', ['--build', root, `${root}.deb`]);
  return `${root}.deb`;
}
