import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { takeLock } from './lock.mjs';
import { PlainError } from './plainError.ts';
import { say } from './progress.ts';
import { onShutdown } from './shutdown.ts';

/**
 * The folder for downloads, outside the clone so that a fresh clone finds it: `$CONSUL_EXEC_CACHE`, else
 * `consul-exec-dev` in the user's cache folder.
 */
function cacheFolder(): string {
  const given = process.env['CONSUL_EXEC_CACHE'];
  if (given) return given;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'consul-exec-dev');
}

/**
 * Returns the folder `name` of the cache, and builds it first if it doesn't exist. It appears complete or
 * not at all: `build` fills a temporary folder, which is then renamed. Parallel runs wait for each other.
 * @param name contains the version, because a cached folder never changes
 * @throws PlainError when the cache can't be written; any error of `build`. Nothing is left behind, even if
 * this process ends meanwhile.
 */
export async function cached(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const unlock = await takeLock(folder, (owner) =>
    say(`  waiting for process ${owner}, which is fetching this already`),
  );
  try {
    if (existsSync(folder)) return folder;
    const building = await newBuildingFolder(folder);
    const forget = onShutdown(() => rmSync(building, removal));
    try {
      await build(building);
      await moveInto(folder, building);
    } finally {
      forget();
      await rm(building, removal);
    }
    return folder;
  } finally {
    unlock();
  }
}

/** Retries, because a program that was just killed might still be writing. */
const removal = { recursive: true, force: true, maxRetries: 5 } as const;

async function newBuildingFolder(folder: string): Promise<string> {
  const prefix = `${folder}.building-`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    // We have the lock, so the processes that built these folders were killed before they could clean up.
    for (const entry of await readdir(cacheFolder())) {
      if (entry.startsWith(basename(prefix))) await rm(join(cacheFolder(), entry), removal);
    }
    return await mkdtemp(prefix);
  } catch (error) {
    throw new PlainError(
      `Couldn't write to the cache in ${cacheFolder()}: ${(error as Error).message}. Set CONSUL_EXEC_CACHE to a writable folder.`,
    );
  }
}

/** The lock doesn't work between containers: if another process was faster, uses its folder. */
async function moveInto(folder: string, building: string): Promise<void> {
  try {
    await rename(building, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
