import { findOnPath, runCommand, runUninterrupted } from './command.ts';
import { hasApt } from './debianArchive.ts';
import { takeLock } from './lock.mjs';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';

/**
 * Makes sure that programs of Debian packages exist. Installs the packages if one is missing and we are root.
 * @param packages the packages to install, the first program's package first
 * @param commands the programs to check
 * @returns the first program's full path
 * @throws PlainError that names the packages if we can't install them
 */
export async function ensureDebianPackage(
  packages: string | readonly string[],
  ...commands: readonly [string, ...string[]]
): Promise<string> {
  const [command] = commands;
  const missing = () => commands.filter((name) => findOnPath(name) === undefined);
  if (missing().length > 0) {
    const unlock = await takeLock('apt', (owner) =>
      say(`  waiting for process ${owner}, which is installing packages`),
    );
    try {
      // The previous owner of the lock might have installed them.
      if (missing().length > 0) await install([packages].flat(), missing());
    } finally {
      unlock();
    }
  }
  const [absent] = missing();
  const found = findOnPath(command);
  if (absent !== undefined || found === undefined) {
    throw new PlainError(
      `There is no ${absent ?? command} after installing ${[packages].flat().join(', ')}.`,
    );
  }
  return found;
}

async function install(packages: readonly string[], missing: readonly string[]): Promise<void> {
  const names = packages.join(', ');
  if (!hasApt() || process.getuid?.() !== 0) {
    const why = hasApt() ? 'only root can install packages' : "this machine isn't Debian";
    throw new PlainError(
      `Missing on this machine: ${missing.join(', ')}. Install the packages (on Debian: ${packages.join(' ')}) and try again. This isn't done automatically: ${why}.`,
    );
  }
  await step(`Installing ${names} with apt-get (once)`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const wanted = ['install', '--no-install-recommends', ...packages];
    // Another apt-get or dpkg might be running.
    const flags = ['-qy', '-o', 'DPkg::Lock::Timeout=600'];
    await runCommand('apt-get', [...flags, 'update'], { env });
    await runCommand('apt-get', [...flags, '--download-only', ...wanted], { env });
    // An interrupted dpkg would have to be repaired by hand.
    await runUninterrupted('apt-get', [...flags, ...wanted], env);
  });
}
