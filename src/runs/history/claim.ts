import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import { ifMissing, isMissing } from '../../base/files.ts';
import { parseJson } from '../../base/parseJson.ts';

/** A session without renewal ends after four minutes, so a window that stopped this long ago no longer collects. */
const STALE_AFTER_MS = 10 * 60_000;
const RENEW_INTERVAL_MS = 60_000;

const Claimant = v.object({ pid: v.number(), host: v.string(), released: v.boolean() });
type Claimant = v.InferOutput<typeof Claimant>;

/**
 * A file in a run's folder that says that a window writes to the run. A window that was closed,
 * reloaded or killed leaves it behind; then another window can take over, but only one.
 *
 * Claims are files with ascending numbers, and the highest one counts. A window takes over by creating
 * the next number, which the file system allows only once. A released number stays as a file until a
 * higher one is created, so that a window with an old listing can't create it again.
 */
export class Claim {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => void this.#renew(), RENEW_INTERVAL_MS).unref();
  }

  /**
   * @param prefix the files' path before their number
   * @returns undefined when another window writes to the run
   */
  static async take(prefix: string): Promise<Claim | undefined> {
    const highest = (await numbers(prefix)).at(-1) ?? 0;
    if (highest > 0 && (await isOwned(`${prefix}-${highest}`))) return undefined;
    const path = `${prefix}-${highest + 1}`;
    if (!(await createExclusively(path))) return undefined;
    const all = await numbers(prefix);
    if (all.at(-1) !== highest + 1) {
      await rm(path, { force: true });
      return undefined;
    }
    for (const lower of all.slice(0, -1)) await rm(`${prefix}-${lower}`, { force: true });
    return new Claim(path);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // The folder may have been deleted, and the claim with it.
    await writeFile(this.#path, content(true), { flag: 'r+' }).catch(ifMissing(undefined));
  }

  /** Removes the claim of a finished run, which no window claims again: no number has to stay. */
  async remove(): Promise<void> {
    clearInterval(this.#timer);
    await rm(this.#path, { force: true });
  }

  async #renew(): Promise<void> {
    const now = new Date();
    await utimes(this.#path, now, now).catch(() => undefined);
  }
}

/** What a run's claim files say. */
export interface ClaimState {
  /** A window writes to the run, this one or another. */
  readonly isOwned: boolean;
  /**
   * When a window last renewed or released its claim: milliseconds since the epoch; undefined when
   * there was never one.
   */
  readonly at: number | undefined;
}

/** @param prefix the files' path before their number */
export async function claimState(prefix: string): Promise<ClaimState> {
  const highest = (await numbers(prefix)).at(-1);
  if (highest === undefined) return { isOwned: false, at: undefined };
  const file = `${prefix}-${highest}`;
  const { mtimeMs: at } = await stat(file).catch(ifMissing({ mtimeMs: undefined }));
  return { isOwned: await isOwned(file), at };
}

/** Ascending. */
async function numbers(prefix: string): Promise<number[]> {
  const start = `${basename(prefix)}-`;
  const names = await readdir(dirname(prefix)).catch(ifMissing([]));
  return names
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

/** @returns false when the file exists already */
export async function createExclusively(path: string): Promise<boolean> {
  try {
    await writeFile(path, content(false), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function content(released: boolean): string {
  const claimant: Claimant = { pid: process.pid, host: hostname(), released };
  return JSON.stringify(claimant).padEnd(CONTENT_LENGTH);
}

/** A released claim is written over the file's content in place, so both have the same length. */
const CONTENT_LENGTH = 400;

async function isOwned(path: string): Promise<boolean> {
  try {
    const [json, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > STALE_AFTER_MS) return false;
    const claimant = v.safeParse(Claimant, parseJson(json));
    // Incomplete or damaged: only its age counts.
    if (!claimant.success) return true;
    const { pid, host, released } = claimant.output;
    return !released && (host !== hostname() || isAlive(pid));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
