import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import { isMissing } from '../journalFormat.ts';
import { ifMissing } from './files.ts';

/** A session that nobody renews ends after four minutes: who is silent for longer collects no more. */
const STALE_MS = 10 * 60_000;
const RENEW_MS = 60_000;

const Claimant = v.object({ pid: v.number(), host: v.string(), released: v.boolean() });
type Claimant = v.InferOutput<typeof Claimant>;

/**
 * A mark in a run's folder that a window writes to it. A window that was closed, reloaded or killed
 * leaves it behind; then another may take over, but only one.
 *
 * Claims are files numbered upwards, and the highest one counts. Taking over is making the next
 * number, which the file system lets only one do; a number that was given up stays as a file until
 * a higher one is made, so that who looked long ago cannot make it again unnoticed.
 */
export class Claim {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /**
   * @param path what the files are called before their number
   * @returns undefined when another window writes to the run
   */
  static async take(path: string): Promise<Claim | undefined> {
    const highest = (await numbers(path)).at(-1) ?? 0;
    if (highest > 0 && (await isHeld(`${path}-${highest}`))) return undefined;
    const own = `${path}-${highest + 1}`;
    if (!(await makeOnly(own))) return undefined;
    const all = await numbers(path);
    if (all.at(-1) !== highest + 1) {
      await rm(own, { force: true });
      return undefined;
    }
    for (const lower of all.slice(0, -1)) await rm(`${path}-${lower}`, { force: true });
    return new Claim(own);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // The folder may have been deleted, and the claim with it.
    await writeFile(this.#path, content(true), { flag: 'r+' }).catch(ifMissing(undefined));
  }

  /** Gives it up for good: nobody will ever claim what is over, so no number needs to stay. */
  async remove(): Promise<void> {
    clearInterval(this.#timer);
    await rm(this.#path, { force: true });
  }

  async #renew(): Promise<void> {
    const now = new Date();
    await utimes(this.#path, now, now).catch(() => undefined);
  }
}

/** What a run's claims tell of who writes to it. */
export interface ClaimState {
  /** Some window does, this one or another. */
  readonly held: boolean;
  /** When one last said so, or gave it up: milliseconds since the epoch; undefined when none ever did. */
  readonly at: number | undefined;
}

/** @param path what the files are called before their number */
export async function claimState(path: string): Promise<ClaimState> {
  const highest = (await numbers(path)).at(-1);
  if (highest === undefined) return { held: false, at: undefined };
  const file = `${path}-${highest}`;
  const { mtimeMs: at } = await stat(file).catch(ifMissing({ mtimeMs: undefined }));
  return { held: await isHeld(file), at };
}

/** Ascending. */
async function numbers(path: string): Promise<number[]> {
  const start = `${basename(path)}-`;
  const names = await readdir(dirname(path)).catch(ifMissing([]));
  return names
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

/** @returns false when it is there already */
async function makeOnly(path: string): Promise<boolean> {
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

/** `released` is written over `held` in place, so both must be as long. */
const CONTENT_LENGTH = 400;

async function isHeld(path: string): Promise<boolean> {
  try {
    const [json, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > STALE_MS) return false;
    const claimant = v.safeParse(Claimant, parse(json));
    // Being written, or damaged: only its age can be judged.
    if (!claimant.success) return true;
    const { pid, host, released } = claimant.output;
    return !released && (host !== hostname() || isAlive(pid));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
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
