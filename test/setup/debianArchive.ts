import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, runCommand } from './command.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Whether this machine can get packages from a Debian archive.
 */
export function hasApt(): boolean {
  return findOnPath('apt-get') !== undefined && findOnPath('dpkg-deb') !== undefined;
}

/**
 * Downloads a package of another Debian suite from the archive that this machine's apt uses, and unpacks it
 * into `folder/root`. Uses its own lists and cache inside `folder`, and doesn't change the system's apt.
 * @returns the folder with the unpacked files
 * @throws PlainError when apt has no Debian archive, or the archive doesn't have the package
 */
export async function unpackDebianPackage(
  suite: string,
  name: string,
  folder: string,
): Promise<string> {
  const apt = join(folder, 'apt');
  await mkdir(join(apt, 'state', 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  const trust = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  const sources = (await debianSites()).map((site) => `deb ${trust}${site} ${suite} main`);
  await writeFile(join(apt, 'sources.list'), `${sources.join('\n')}\n`);
  const options = {
    'Dir::State': join(apt, 'state'),
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': join(apt, 'none'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    // The index of an old suite can be expired; the signature is still checked.
    'Acquire::Check-Valid-Until': 'false',
    // apt's own user can't write to our folder.
    'APT::Sandbox::User': 'root',
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await runCommand('apt-get', ['-q', ...flags, 'update'], { cwd: apt });
  await runCommand('apt-get', ['-q', ...flags, 'download', name], { cwd: apt });
  const deb = (await readdir(apt)).find((file) => file.endsWith('.deb'));
  return unpackDeb(join(apt, deb ?? `${name}.deb`), folder);
}

/**
 * Unpacks a .deb file into `folder/root`.
 * @returns the folder with the unpacked files
 */
export async function unpackDeb(deb: string, folder: string): Promise<string> {
  const root = join(folder, 'root');
  await mkdir(root, { recursive: true });
  await runCommand('dpkg-deb', ['-x', deb, root]);
  return root;
}

/** The archives with Debian's own `main`, except the security archive, whose suites have other names. */
async function debianSites(): Promise<string[]> {
  const format = '$(ORIGIN)|$(COMPONENT)|$(LABEL)|$(REPO_URI)';
  const lines = (await runCommand('apt-get', ['indextargets', '--format', format])).split('\n');
  const sites = lines.flatMap((line) => {
    const [origin, component, label, site] = line.split('|');
    return origin === 'Debian' && component === 'main' && label === 'Debian' && site ? [site] : [];
  });
  return [...new Set(sites)];
}
