import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { isMissing } from '../journalFormat.ts';

/** A session that nobody renews ends after four minutes: who is silent for longer collects no more. */
const STALE_MS = 10 * 60_000;
const RENEW_MS = 60_000;

const Claimant = v.object({ token: v.string(), pid: v.number(), host: v.string() });
type Claimant = v.InferOutput<typeof Claimant>;

/**
 * A mark in a run's folder that a window writes to it. A window that was closed, reloaded or killed
 * leaves it behind; then another may take it over, but only one.
 */
export class Claim {
  readonly #path: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** @returns undefined when another window writes to the run */
  static async take(path: string): Promise<Claim | undefined> {
    const before = await readClaim(path);
    if (before && !before.stale) return undefined;
    if (before && !(await removeClaim(path, before.token))) return undefined;
    const token = randomUUID();
    const claimant: Claimant = { token, pid: process.pid, host: hostname() };
    try {
      await writeFile(path, JSON.stringify(claimant), { flag: 'wx', mode: 0o600 });
      return new Claim(path, token);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
      throw error;
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await removeClaim(this.#path, this.#token);
  }

  async #renew(): Promise<void> {
    const now = new Date();
    await utimes(this.#path, now, now).catch(() => undefined);
  }
}

/** Whether some window, this one or another, writes to the run. */
export async function isClaimed(path: string): Promise<boolean> {
  const claim = await readClaim(path);
  return claim !== undefined && !claim.stale;
}

async function readClaim(path: string): Promise<{ token: string; stale: boolean } | undefined> {
  try {
    const [json, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const { token, pid, host } = v.parse(Claimant, JSON.parse(json));
    const old = Date.now() - mtimeMs > STALE_MS;
    return { token, stale: old || (host === hostname() && !isAlive(pid)) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    // Being written, or damaged: only its age can be judged.
    const { mtimeMs } = await stat(path);
    return { token: '', stale: Date.now() - mtimeMs > STALE_MS };
  }
}

/**
 * Takes a claim away, if it is still the one that was judged: between two windows that do this at
 * once, one finds the other's fresh claim in its hands, and puts it back.
 */
async function removeClaim(path: string, token: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  const taken = await readClaim(aside);
  const right = taken?.token === token;
  if (!right) await copyFile(aside, path, constants.COPYFILE_EXCL).catch(() => undefined);
  await rm(aside, { force: true });
  return right;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
