import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './progress.ts';

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
 * @throws whatever `build` throws; nothing is left behind then
 */
export async function cached(
  name: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    const building = await mkdtemp(`${folder}.building-`);
    try {
      await build(building);
      await rename(building, folder);
    } finally {
      await rm(building, { recursive: true, force: true });
    }
    return folder;
  } finally {
    await unlock();
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  for (let round = 0; ; round++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    // Two waiters may both find the owner dead and both build: wasteful, yet the rename keeps it correct.
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
    else {
      if (round === 4) say(`  waiting for process ${String(owner)}, which is building the same`);
      await sleep(500);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
