import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runCommand } from './command.ts';
import { hasApt, unpackDeb, unpackDebianPackage } from './debianArchive.ts';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';
import { repository } from './repository.ts';

/** The version that Debian's `bullseye` carries; the tests know its exact answers. */
const version = '1.8.7';

/**
 * A Consul binary: `$CONSUL_BIN`, else the cached one, else out of a Debian package: the one that
 * `$CONSUL_EXEC_CONSUL_DEB` names, else the archive's, else one in `shared/vendor` beside the clone.
 * @returns its full path
 * @throws PlainError that says what to do when there is none
 */
export async function ensureConsul(): Promise<string> {
  const given = process.env['CONSUL_BIN'];
  if (given) {
    if (!existsSync(given)) throw new PlainError(`CONSUL_BIN names no file: ${given}`);
    return given;
  }
  const folder = await cached(`consul-${version}`, (building) =>
    step(`Fetching Consul ${version} (once)`, () => fetchConsul(building)),
  );
  return join(folder, 'root', 'usr', 'bin', 'consul');
}

async function fetchConsul(folder: string): Promise<void> {
  const help = `Install Consul ${version} or later and name it in CONSUL_BIN.`;
  if (!hasApt())
    throw new PlainError(`Consul comes as a Debian package, and this is no Debian. ${help}`);
  const deb = process.env['CONSUL_EXEC_CONSUL_DEB'];
  if (deb) {
    if (!existsSync(deb)) throw new PlainError(`CONSUL_EXEC_CONSUL_DEB names no file: ${deb}`);
    return unpackConsul(deb, folder);
  }
  try {
    await unpackDebianPackage('bullseye', 'consul', folder);
  } catch (error) {
    // An archive does not keep an old suite for ever: a machine without network, or one that is to
    // outlive the archive, has the package beside the clone.
    const beside = await debBesideClone();
    if (!beside) {
      throw new PlainError(`Consul could not be fetched: ${(error as Error).message}\n${help}`);
    }
    say(`  Debian's archive does not give it; taking ${beside}`);
    await unpackConsul(beside, folder);
  }
  await rm(join(folder, 'apt'), { recursive: true, force: true });
}

/** What is cached under a version must be of that version. */
async function unpackConsul(deb: string, folder: string): Promise<void> {
  const found = (await runCommand('dpkg-deb', ['--field', deb, 'Version'])).trim();
  if (!new RegExp(`^${version.replaceAll('.', '\\.')}(?!\\d)`).test(found)) {
    throw new PlainError(`${deb} holds version ${found}, and Consul ${version} is needed.`);
  }
  await unpackDeb(deb, folder);
}

async function debBesideClone(): Promise<string | undefined> {
  const vendor = join(dirname(repository), 'shared', 'vendor');
  const files = await readdir(vendor).catch(() => []);
  const deb = files.find((file) => file.startsWith(`consul_${version}`) && file.endsWith('.deb'));
  return deb && join(vendor, deb);
}
