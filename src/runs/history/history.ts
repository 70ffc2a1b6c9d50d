import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { Journal } from '../journal/journal.ts';
import { readJournal } from '../journal/journalFormat.ts';
import { Run, type RunInfo } from '../run.ts';
import { toError } from '../../base/errorMessage.ts';
import { createYielder } from '../../base/yielder.ts';
import { ifMissing, isMissing, sizeOf, writeAtomically } from '../../base/files.ts';
import { Claim, claimState, createExclusively } from './claim.ts';
import {
  decodeRecord,
  encodeRecord,
  outcomeOf,
  type RunOutcome,
  toInfo,
  toRecord,
} from './record.ts';
import { chooseExpired, type Limits } from './retention.ts';

/** A saved run as a list shows it, without its results. */
export interface HistoryEntry {
  readonly info: RunInfo;
  readonly pinned: boolean;
  /** Undefined for a run that is running or was interrupted. */
  readonly outcome: RunOutcome | undefined;
  /** A window collects it, this one or another. A run with neither claim nor outcome was interrupted. */
  readonly claimed: boolean;
  /**
   * When a window last renewed or released its claim on the run: milliseconds since the epoch. Unknown
   * for a finished run.
   */
  readonly claimedAt: number | undefined;
  readonly createdAt: number;
  /** On disk. */
  readonly bytes: number;
}

/** A saved run that can't be read. It is never deleted automatically. */
export interface HistoryProblem {
  readonly id: string;
  /** A RecordError, or the file system's error. */
  readonly error: Error;
}

export interface HistoryListing {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly problems: readonly HistoryProblem[];
}

/** The run is not in the history (any more), or its id is invalid. */
export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';
}

const FILES = {
  record: 'run.json',
  journal: 'journal',
  claim: 'claim',
  /** What the user changes has a file each, so that two windows never undo each other's changes. */
  title: 'title.txt',
  pinned: 'pinned',
  step: 'step',
} as const;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Folders are renamed with this prefix before deletion, so that a list never shows a partial run. */
const TOMBSTONE_PREFIX = '.deleted-';
/** A session without renewal ends after four minutes, and a claim is renewed each minute. */
export const RESUMABLE_MS = 5 * 60_000;
/** A folder without a record was left by a crash, unless it is younger than this. */
const INCOMPLETE_AFTER_MS = 60 * 60_000;

/**
 * Runs on disk, one folder each: its record, its journal with all output, and the user's changes.
 * Several windows can use the same folder at once: only the one that claimed a run writes to it.
 */
export class History {
  readonly #folder: string;
  readonly #memoryLimit: number | undefined;
  readonly #claims = new Map<string, Claim>();

  /**
   * @param folder is created when it does not exist
   * @param memoryLimit bytes of output that each run keeps in memory
   */
  constructor(folder: string, memoryLimit?: number) {
    this.#folder = folder;
    this.#memoryLimit = memoryLimit;
  }

  /**
   * Begins to record a run: events that are applied to it are on disk soon after. End it with `finish`
   * or `suspend`.
   * @throws the file system's error when nothing can be saved
   */
  async create(info: RunInfo): Promise<Run> {
    const folder = this.#path(info.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await this.#claim(info.id);
      await writeAtomically(join(folder, FILES.record), encodeRecord(toRecord(info)));
    } catch (error) {
      await this.delete(info.id).catch(() => undefined);
      throw error;
    }
    return this.#run(info, 0);
  }

  /** Saves the outcome of a finished run and releases the run. */
  async finish(run: Run): Promise<void> {
    const { id } = run.info;
    try {
      await run.close();
      const path = join(this.#path(id), FILES.record);
      // With its first title: a new one has a file of its own.
      const { title } = decodeRecord(await this.#read(id, path));
      await writeAtomically(path, encodeRecord(toRecord({ ...run.info, title }, outcomeOf(run))));
    } finally {
      await this.#takeClaim(id)?.remove();
    }
  }

  /** Writes everything so far and releases a run that has not finished, so that it can be resumed. */
  async suspend(run: Run): Promise<void> {
    try {
      await run.close();
    } finally {
      await this.#release(run.info.id);
    }
  }

  /**
   * Opens a saved run for viewing. An interrupted run is as it was then.
   * @throws RunNotFoundError, RecordError, JournalError
   */
  async load(id: string): Promise<Run> {
    const { info } = await this.entry(id);
    // The end of its journal does not matter: a run that is only viewed is not written to.
    const run = this.#run(info, Number.MAX_SAFE_INTEGER);
    for await (const frame of readJournal(join(this.#path(id), FILES.journal))) run.restore(frame);
    return run;
  }

  /**
   * Opens an interrupted run to resume it: recording continues at the end of its journal.
   * @returns undefined when it is finished, or another window collects it
   * @throws RunNotFoundError, RecordError, JournalError
   */
  async resume(id: string): Promise<Run | undefined> {
    const { outcome } = await this.entry(id);
    if (outcome || !(await this.#claim(id))) return undefined;
    try {
      // Another window may have finished it just before.
      const { outcome: late } = await this.entry(id);
      if (!late) return await this.#continue(id);
      await this.#release(id);
      return undefined;
    } catch (error) {
      await this.#release(id);
      throw error;
    }
  }

  /**
   * Opens a finished run so that it continues: its record has no outcome until it finishes again.
   * @returns undefined when another window collects it
   * @throws RunNotFoundError, RecordError, JournalError
   */
  async reopen(id: string): Promise<Run | undefined> {
    if (!(await this.#claim(id))) return undefined;
    try {
      const path = join(this.#path(id), FILES.record);
      const record = decodeRecord(await this.#read(id, path));
      await writeAtomically(path, encodeRecord({ ...record, outcome: undefined }));
      return await this.#continue(id);
    } catch (error) {
      await this.#release(id);
      throw error;
    }
  }

  /** Ids of the saved runs, in no order: listing a folder is cheap. */
  async ids(): Promise<readonly string[]> {
    return (await this.#names()).filter((name) => ID.test(name));
  }

  async list(): Promise<HistoryListing> {
    const ids = await this.ids();
    const entries: HistoryEntry[] = [];
    const problems: HistoryProblem[] = [];
    // One after the other: parsing the records of large runs takes time.
    const maybeYield = createYielder();
    const sameName = createInterner();
    for (const id of ids) {
      try {
        entries.push(await this.#entry(id, sameName));
      } catch (error) {
        // Another window is creating or deleting a run without a record.
        if (!(error instanceof RunNotFoundError)) problems.push({ id, error: toError(error) });
      }
      await maybeYield();
    }
    return {
      entries: entries.sort(
        (a, b) => b.createdAt - a.createdAt || (a.info.id < b.info.id ? -1 : 1),
      ),
      problems: problems.sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  /**
   * A saved run as it is now: another window may have changed it.
   * @throws RunNotFoundError, RecordError
   */
  entry(id: string): Promise<HistoryEntry> {
    return this.#entry(id);
  }

  async #entry(id: string, sameName?: (name: string) => string): Promise<HistoryEntry> {
    const folder = this.#path(id);
    const path = join(folder, FILES.record);
    const [json, title, pinned, claim, recordBytes, journalBytes] = await Promise.all([
      this.#read(id, path),
      readFile(join(folder, FILES.title), 'utf8').catch(ifMissing(undefined)),
      sizeOf(join(folder, FILES.pinned)),
      claimState(join(folder, FILES.claim)),
      sizeOf(path),
      sizeOf(join(folder, FILES.journal)),
    ]);
    const record = decodeRecord(json);
    return {
      info: toInfo(record, title, sameName),
      pinned: pinned !== undefined,
      outcome: record.outcome,
      claimed: claim.isOwned,
      claimedAt: claim.at,
      createdAt: record.createdAt,
      bytes: (recordBytes ?? 0) + (journalBytes ?? 0),
    };
  }

  /**
   * Deletes a run, also one that can't be read. No read of its output may be in progress. A run that
   * another window collects stays.
   */
  async delete(id: string): Promise<void> {
    await this.#release(id);
    if ((await claimState(join(this.#path(id), FILES.claim))).isOwned) return;
    const tombstone = join(this.#folder, `${TOMBSTONE_PREFIX}${randomUUID()}`);
    try {
      await rename(this.#path(id), tombstone);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    await rm(tombstone, { recursive: true, force: true, maxRetries: 3 });
  }

  /** @param title undefined for the run's first title */
  async rename(id: string, title: string | undefined): Promise<void> {
    const path = join(this.#path(id), FILES.title);
    await this.#mark(id, () =>
      title === undefined ? rm(path, { force: true }) : writeAtomically(path, title),
    );
  }

  /** The limits never delete a pinned run. */
  async pin(id: string, pinned: boolean): Promise<void> {
    const path = join(this.#path(id), FILES.pinned);
    await this.#mark(id, () => (pinned ? writeFile(path, '') : rm(path, { force: true })));
  }

  /**
   * Deletes runs that are beyond the limits, but never one that is pinned, active or unreadable.
   * @param options.removed ids of runs that the user removed: they are deleted before others
   * @returns the ids of the deleted runs
   */
  async prune(
    limits: Limits,
    {
      removed = new Set<string>(),
      now = Date.now(),
    }: { readonly removed?: ReadonlySet<string>; readonly now?: number } = {},
  ): Promise<readonly string[]> {
    await this.#sweep(now);
    const { entries } = await this.list();
    const runs = entries.map((entry) => ({
      ...entry,
      isProtected: entry.pinned || isActive(entry, now),
      isRemoved: removed.has(entry.info.id),
    }));
    const expired = chooseExpired(runs, limits, now);
    for (const { info } of expired) await this.delete(info.id);
    return expired.map(({ info }) => info.id);
  }

  /**
   * Reserves a step that follows a run: of several windows that want to start it, one can.
   * @returns whether this window can start it; also if the run isn't saved, since then no other knows it
   * @throws the file system's error
   */
  async claimStep(id: string, step: number): Promise<boolean> {
    try {
      return await createExclusively(join(this.#path(id), `${FILES.step}-${step}`));
    } catch (error) {
      if (isMissing(error)) return true;
      throw error;
    }
  }

  #run(info: RunInfo, end: number): Run {
    const journal = new Journal(join(this.#path(info.id), FILES.journal), end);
    return new Run(info, { journal, memoryLimit: this.#memoryLimit });
  }

  /** Reads a run that this window has claimed; recording continues at the end of its journal. */
  async #continue(id: string): Promise<Run> {
    const { info } = await this.entry(id);
    const path = join(this.#path(id), FILES.journal);
    // Read twice rather than loaded into memory as a whole.
    let end = 0;
    for await (const frame of readJournal(path)) end = frame.end;
    const run = this.#run(info, end);
    for await (const frame of readJournal(path)) run.restore(frame);
    return run;
  }

  async #read(id: string, path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw isMissing(error) ? notFound(id) : error;
    }
  }

  async #mark(id: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw isMissing(error) ? notFound(id) : error;
    }
  }

  /** Removes folders that a crash left incomplete. */
  async #sweep(now: number): Promise<void> {
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      const isIncomplete =
        ID.test(name) &&
        (await sizeOf(join(path, FILES.record))) === undefined &&
        now - (await stat(path).catch(() => ({ mtimeMs: now }))).mtimeMs > INCOMPLETE_AFTER_MS;
      if (!isIncomplete && !name.startsWith(TOMBSTONE_PREFIX)) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #names(): Promise<readonly string[]> {
    return readdir(this.#folder).catch(ifMissing([]));
  }

  /** @throws RunNotFoundError for an invalid id: it becomes part of a path */
  #path(id: string): string {
    if (!ID.test(id)) throw notFound(id);
    return join(this.#folder, id);
  }

  async #claim(id: string): Promise<boolean> {
    if (this.#claims.has(id)) return false;
    const claim = await Claim.take(join(this.#path(id), FILES.claim));
    if (claim) this.#claims.set(id, claim);
    return claim !== undefined;
  }

  async #release(id: string): Promise<void> {
    await this.#takeClaim(id)?.release();
  }

  #takeClaim(id: string): Claim | undefined {
    const claim = this.#claims.get(id);
    this.#claims.delete(id);
    return claim;
  }
}

/** A window collects the run, or can resume it: a reload takes a while. */
function isActive({ outcome, claimed, claimedAt = 0 }: HistoryEntry, now: number): boolean {
  return claimed || (outcome === undefined && now - claimedAt < RESUMABLE_MS);
}

/** Returns the first of equal strings for all of them: ten thousand names in each of 200 runs take 260 MB. */
function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

function notFound(id: string): RunNotFoundError {
  return new RunNotFoundError(t('Run {0} is not in the history.', id));
}
