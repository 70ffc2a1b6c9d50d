import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { hasApt, unpackDeb, unpackDebianPackage } from './debianArchive.ts';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';
import { repository } from './repository.ts';

/** The version that Debian's `bullseye` carries; the tests know its exact answers. */
const version = '1.8.7';

/**
 * A Consul binary: `$CONSUL_BIN`, else the cached one, else Debian's, else a .deb in a folder beside the clone.
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
    step(`Fetching Consul ${version} from Debian (once)`, () => fetchConsul(building)),
  );
  return join(folder, 'root', 'usr', 'bin', 'consul');
}

async function fetchConsul(folder: string): Promise<void> {
  const help = `Install Consul ${version} or later and name it in CONSUL_BIN.`;
  if (!hasApt())
    throw new PlainError(`Consul comes from Debian's archive, and this is no Debian. ${help}`);
  try {
    await unpackDebianPackage('bullseye', 'consul', folder);
  } catch (error) {
    const deb = await debBesideClone();
    if (!deb) {
      throw new PlainError(`Consul could not be fetched: ${(error as Error).message}\n${help}`);
    }
    say('  the archive is out of reach; taking the package beside the clone');
    await unpackDeb(deb, folder);
  }
  await rm(join(folder, 'apt'), { recursive: true, force: true });
}

async function debBesideClone(): Promise<string | undefined> {
  const vendor = join(dirname(repository), 'shared', 'vendor');
  const files = await readdir(vendor).catch(() => []);
  const deb = files.find((file) => /^consul_.*\.deb$/.test(file));
  return deb && join(vendor, deb);
}
