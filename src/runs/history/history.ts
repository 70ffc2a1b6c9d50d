import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { Journal } from '../journal.ts';
import { isMissing, readJournal } from '../journalFormat.ts';
import { Run, type RunInfo } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { ifMissing, sizeOf, writeAtomically } from './files.ts';
import { Claim, claimState } from './claim.ts';
import {
  decodeRecord,
  encodeRecord,
  outcomeOf,
  type RunOutcome,
  toInfo,
  toRecord,
} from './record.ts';
import { chooseExpired, type Limits } from './retention.ts';

/** A kept run as a list shows it, without what came back. */
export interface HistoryEntry {
  readonly info: RunInfo;
  readonly pinned: boolean;
  /** Undefined for a run that is going on, or was interrupted. */
  readonly outcome: RunOutcome | undefined;
  /** A window collects it, this one or another. Without that and an outcome it was interrupted. */
  readonly claimed: boolean;
  /**
   * When a window that collects it last said so, or let go of it: milliseconds since the epoch. Not
   * known of a run that is over.
   */
  readonly claimedAt: number | undefined;
  readonly createdAt: number;
  /** On disk. */
  readonly bytes: number;
}

/** Something in the history that cannot be read. It is never deleted on its own. */
export interface HistoryProblem {
  readonly id: string;
  /** A RecordError, or the file system's. */
  readonly error: Error;
}

export interface HistoryListing {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly problems: readonly HistoryProblem[];
}

/** The run is not in the history (any more), or its id is none. */
export class NotKeptError extends Error {
  override readonly name = 'NotKeptError';
}

const FILES = {
  record: 'run.json',
  journal: 'journal',
  claim: 'claim',
  /** The user's own marks have a file each, so that two windows never undo each other's. */
  title: 'title.txt',
  pinned: 'pinned',
} as const;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What is being deleted has this before its name, so that no list shows half of it. */
const GOING = '.deleted-';
/** A session that nobody renews ends after four minutes, and a claim is renewed each minute. */
export const PICK_UP_MS = 5 * 60_000;
/** A folder without a record was left by a crash, unless it is this young. */
const HALF_MADE_MS = 60 * 60_000;

/**
 * Runs on disk, one folder each: its record, its journal with all output, and the user's marks.
 * Several windows may use the same folder at once: a run is written by the one that claimed it.
 */
export class History {
  readonly #folder: string;
  readonly #memoryLimit: number | undefined;
  readonly #claims = new Map<string, Claim>();

  /**
   * @param folder made when it is not there
   * @param memoryLimit bytes of output that each run keeps in memory
   */
  constructor(folder: string, memoryLimit?: number) {
    this.#folder = folder;
    this.#memoryLimit = memoryLimit;
  }

  /**
   * Begins to record a run: what is applied to it is on disk soon after. To be ended with `finish`
   * or `suspend`.
   * @throws the file system's error when nothing can be kept
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

  /** Keeps the outcome of a run that is over, and lets go of it. */
  async finish(run: Run): Promise<void> {
    const { id } = run.info;
    try {
      await run.output.close();
      const path = join(this.#path(id), FILES.record);
      // With the title it began with: a new one is a mark of its own.
      const { title } = decodeRecord(await this.#read(id, path));
      await writeAtomically(path, encodeRecord(toRecord({ ...run.info, title }, outcomeOf(run))));
    } finally {
      await this.#takeBack(id)?.remove();
    }
  }

  /** Writes all that came in so far, and lets go of a run that is not over, so that it can be resumed. */
  async suspend(run: Run): Promise<void> {
    try {
      await run.output.close();
    } finally {
      await this.#release(run.info.id);
    }
  }

  /**
   * Opens a kept run to be looked at. One that was interrupted is as it was then.
   * @throws NotKeptError, RecordError, JournalError
   */
  async load(id: string): Promise<Run> {
    const { info } = await this.entry(id);
    // Where its journal ends does not matter: what is only looked at is not written to.
    const run = this.#run(info, Number.MAX_SAFE_INTEGER);
    for await (const frame of readJournal(join(this.#path(id), FILES.journal))) run.restore(frame);
    return run;
  }

  /**
   * Opens an interrupted run to go on with it: it is recorded again from where its record ends.
   * @returns undefined when it is over, or another window collects it
   * @throws NotKeptError, RecordError, JournalError
   */
  async resume(id: string): Promise<Run | undefined> {
    const { outcome } = await this.entry(id);
    if (outcome || !(await this.#claim(id))) return undefined;
    try {
      // Another window may have brought it to its end just before.
      const { info, outcome: late } = await this.entry(id);
      if (late) {
        await this.#release(id);
        return undefined;
      }
      const path = join(this.#path(id), FILES.journal);
      // Read twice rather than held in memory whole.
      let end = 0;
      for await (const frame of readJournal(path)) end = frame.end;
      const run = this.#run(info, end);
      for await (const frame of readJournal(path)) run.restore(frame);
      return run;
    } catch (error) {
      await this.#release(id);
      throw error;
    }
  }

  /** Ids of what is kept, in no order: a folder's list, which costs next to nothing. */
  async ids(): Promise<readonly string[]> {
    return (await this.#names()).filter((name) => ID.test(name));
  }

  async list(): Promise<HistoryListing> {
    const ids = await this.ids();
    const entries: HistoryEntry[] = [];
    const problems: HistoryProblem[] = [];
    // One after the other: records of large runs take their time to parse.
    const turn = takeTurns();
    const sameName = oneForAll();
    for (const id of ids) {
      try {
        entries.push(await this.#entry(id, sameName));
      } catch (error) {
        // One without a record is being made or deleted by another window.
        if (!(error instanceof NotKeptError))
          problems.push({ id, error: error instanceof Error ? error : new Error(String(error)) });
      }
      await turn();
    }
    return {
      entries: entries.sort(
        (a, b) => b.createdAt - a.createdAt || (a.info.id < b.info.id ? -1 : 1),
      ),
      problems: problems.sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  /**
   * A kept run as it is now: another window may have changed it.
   * @throws NotKeptError, RecordError
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
      claimed: claim.held,
      claimedAt: claim.at,
      createdAt: record.createdAt,
      bytes: (recordBytes ?? 0) + (journalBytes ?? 0),
    };
  }

  /**
   * Deletes a run, also one that cannot be read. Its output must not be being read. What another
   * window collects stays.
   */
  async delete(id: string): Promise<void> {
    await this.#release(id);
    if ((await claimState(join(this.#path(id), FILES.claim))).held) return;
    const gone = join(this.#folder, `${GOING}${randomUUID()}`);
    try {
      await rename(this.#path(id), gone);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    await rm(gone, { recursive: true, force: true, maxRetries: 3 });
  }

  /** @param title undefined for the one the run began with */
  async rename(id: string, title: string | undefined): Promise<void> {
    const path = join(this.#path(id), FILES.title);
    await this.#mark(id, () =>
      title === undefined ? rm(path, { force: true }) : writeAtomically(path, title),
    );
  }

  /** A pinned run is never deleted by the limits. */
  async pin(id: string, pinned: boolean): Promise<void> {
    const path = join(this.#path(id), FILES.pinned);
    await this.#mark(id, () => (pinned ? writeFile(path, '') : rm(path, { force: true })));
  }

  /**
   * Deletes what is beyond the limits; never what is pinned, going on or unreadable.
   * @returns the ids of what was deleted
   */
  async prune(limits: Limits, now = Date.now()): Promise<readonly string[]> {
    await this.#sweep(now);
    const { entries } = await this.list();
    const runs = entries.map((entry) => ({ ...entry, held: entry.pinned || isGoing(entry, now) }));
    const expired = chooseExpired(runs, limits, now);
    for (const { info } of expired) await this.delete(info.id);
    return expired.map(({ info }) => info.id);
  }

  #run(info: RunInfo, end: number): Run {
    const journal = new Journal(join(this.#path(info.id), FILES.journal), end);
    return new Run(info, { journal, memoryLimit: this.#memoryLimit });
  }

  async #read(id: string, path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw isMissing(error) ? notKept(id) : error;
    }
  }

  async #mark(id: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw isMissing(error) ? notKept(id) : error;
    }
  }

  /** Removes what crashes left: half-deleted and half-made folders. */
  async #sweep(now: number): Promise<void> {
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      const halfMade =
        ID.test(name) &&
        (await sizeOf(join(path, FILES.record))) === undefined &&
        now - (await stat(path).catch(() => ({ mtimeMs: now }))).mtimeMs > HALF_MADE_MS;
      if (!halfMade && !name.startsWith(GOING)) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #names(): Promise<readonly string[]> {
    return readdir(this.#folder).catch(ifMissing([]));
  }

  /** @throws NotKeptError for what is no id: it becomes part of a path */
  #path(id: string): string {
    if (!ID.test(id)) throw notKept(id);
    return join(this.#folder, id);
  }

  async #claim(id: string): Promise<boolean> {
    if (this.#claims.has(id)) return false;
    const claim = await Claim.take(join(this.#path(id), FILES.claim));
    if (claim) this.#claims.set(id, claim);
    return claim !== undefined;
  }

  async #release(id: string): Promise<void> {
    await this.#takeBack(id)?.release();
  }

  #takeBack(id: string): Claim | undefined {
    const claim = this.#claims.get(id);
    this.#claims.delete(id);
    return claim;
  }
}

/** Also while its window reloads: for a while after nobody collects it, it may be picked up again. */
function isGoing({ outcome, claimed, claimedAt = 0 }: HistoryEntry, now: number): boolean {
  return claimed || (outcome === undefined && now - claimedAt < PICK_UP_MS);
}

/** Of strings that are equal, the first stands for all: ten thousand names in each of 200 runs are 260 MB. */
function oneForAll(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

function notKept(id: string): NotKeptError {
  return new NotKeptError(t('The run {0} is not in the history.', id));
}
