import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { takeLock } from './lock.mjs';
import { PlainError } from './plainError.ts';
import { say } from './progress.ts';
import { onShutdown } from './shutdown.ts';

/**
 * The folder for what takes long to fetch, outside the clone so that a fresh clone finds it:
 * `$CONSUL_EXEC_CACHE`, else `consul-exec-dev` in the user's cache folder.
 */
function cacheFolder(): string {
  const own = process.env['CONSUL_EXEC_CACHE'];
  if (own) return own;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'consul-exec-dev');
}

/**
 * The folder `name` of the cache, built first when it is not there yet. It appears whole or not at all:
 * `build` fills a temporary folder, which is then renamed. Parallel runs wait for each other.
 * @param name carries the version, because what is cached never changes
 * @throws PlainError when the cache cannot be written; whatever `build` throws. Nothing is left behind,
 * also when this process is ended meanwhile.
 */
export async function cached(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const unlock = await takeLock(folder, (owner) =>
    say(`  waiting for process ${owner}, which is fetching the same`),
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

/** A program that was killed just now may still be writing. */
const removal = { recursive: true, force: true, maxRetries: 5 } as const;

async function newBuildingFolder(folder: string): Promise<string> {
  const prefix = `${folder}.building-`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    // We have the lock, so whoever built these was killed without a chance to clean up.
    for (const entry of await readdir(cacheFolder())) {
      if (entry.startsWith(basename(prefix))) await rm(join(cacheFolder(), entry), removal);
    }
    return await mkdtemp(prefix);
  } catch (error) {
    throw new PlainError(
      `Nothing can be kept in ${cacheFolder()}: ${(error as Error).message}. Name a folder that can be written in CONSUL_EXEC_CACHE.`,
    );
  }
}

/** Where the lock does not reach, as between containers, another may have been faster: its folder is as good. */
async function moveInto(folder: string, building: string): Promise<void> {
  try {
    await rename(building, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
