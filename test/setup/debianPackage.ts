import { findOnPath, runCommand, runUninterrupted } from './command.ts';
import { hasApt } from './debianArchive.ts';
import { takeLock } from './lock.mjs';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';

/**
 * Programs that Debian packages bring, such as nginx; installed when one is missing and we are root.
 * @param packages what to install, the first program's package first
 * @param commands the programs; all of them are checked
 * @returns the first program's full path
 * @throws PlainError that says what to install when we cannot
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
      // Whoever had the lock may have brought them.
      if (missing().length > 0) await install([packages].flat(), missing());
    } finally {
      unlock();
    }
  }
  const [absent] = missing();
  const found = findOnPath(command);
  if (absent !== undefined || found === undefined) {
    throw new PlainError(
      `${[packages].flat().join(', ')} brought no program ${absent ?? command}.`,
    );
  }
  return found;
}

async function install(packages: readonly string[], missing: readonly string[]): Promise<void> {
  const names = packages.join(', ');
  if (!hasApt() || process.getuid?.() !== 0) {
    const why = hasApt() ? 'only root may install packages' : 'this is no Debian';
    throw new PlainError(
      `Missing on this machine: ${missing.join(', ')}. Install it and try again (on Debian: ${packages.join(' ')}); it is not done here, since ${why}.`,
    );
  }
  await step(`Installing ${names} with apt-get (once)`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const wanted = ['install', '--no-install-recommends', ...packages];
    // Somebody else's apt-get or dpkg may be at work.
    const flags = ['-qy', '-o', 'DPkg::Lock::Timeout=600'];
    await runCommand('apt-get', [...flags, 'update'], { env });
    await runCommand('apt-get', [...flags, '--download-only', ...wanted], { env });
    // Broken off in here, dpkg would have to be repaired by hand.
    await runUninterrupted('apt-get', [...flags, ...wanted], env);
  });
}
