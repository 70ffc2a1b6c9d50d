import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runCommand } from './command.ts';
import { hasApt, unpackDeb, unpackDebianPackage } from './debianArchive.ts';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';
import { repository } from './repository.ts';

/** The version in Debian's `bullseye`; the tests expect its exact responses. */
const version = '1.8.7';

/**
 * Finds a Consul binary: `$CONSUL_BIN`, else the cached one, else the one of a Debian package:
 * `$CONSUL_EXEC_CONSUL_DEB`, else the archive's, else one in `shared/vendor` next to the clone.
 * @returns its full path
 * @throws PlainError with the remedy if there isn't one
 */
export async function ensureConsul(): Promise<string> {
  const given = process.env['CONSUL_BIN'];
  if (given) {
    if (!existsSync(given))
      throw new PlainError(`CONSUL_BIN is set to ${given}, which doesn't exist.`);
    return given;
  }
  const folder = await cached(`consul-${version}`, (building) =>
    step(`Fetching Consul ${version} (once)`, () => fetchConsul(building)),
  );
  return join(folder, 'root', 'usr', 'bin', 'consul');
}

async function fetchConsul(folder: string): Promise<void> {
  const help = `Install Consul ${version} or later and set CONSUL_BIN to its path.`;
  if (!hasApt())
    throw new PlainError(
      `Consul comes from a Debian package, and this machine isn't Debian. ${help}`,
    );
  const deb = process.env['CONSUL_EXEC_CONSUL_DEB'];
  if (deb) {
    if (!existsSync(deb))
      throw new PlainError(`CONSUL_EXEC_CONSUL_DEB is set to ${deb}, which doesn't exist.`);
    return unpackConsul(deb, folder);
  }
  try {
    await unpackDebianPackage('bullseye', 'consul', folder);
  } catch (error) {
    // A machine without network, or one that outlives this suite in the archive, has the package next to
    // the clone.
    const vendored = await vendoredDeb();
    if (!vendored) {
      throw new PlainError(`Couldn't fetch Consul: ${(error as Error).message}\n${help}`);
    }
    say(`  not in Debian's archive; using ${vendored}`);
    await unpackConsul(vendored, folder);
  }
  await rm(join(folder, 'apt'), { recursive: true, force: true });
}

/** Checks the version first: the cache folder is named after it. */
async function unpackConsul(deb: string, folder: string): Promise<void> {
  const found = (await runCommand('dpkg-deb', ['--field', deb, 'Version'])).trim();
  if (!new RegExp(`^${version.replaceAll('.', '\\.')}(?!\\d)`).test(found)) {
    throw new PlainError(`${deb} has version ${found}. Consul ${version} is needed.`);
  }
  await unpackDeb(deb, folder);
}

async function vendoredDeb(): Promise<string | undefined> {
  const vendor = join(dirname(repository), 'shared', 'vendor');
  const files = await readdir(vendor).catch(() => []);
  const deb = files.find((file) => file.startsWith(`consul_${version}`) && file.endsWith('.deb'));
  return deb && join(vendor, deb);
}
