import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { Detach, isDetached } from '../../exec/detach.ts';
import type { Job } from '../../exec/job.ts';
import { nodeLabel } from '../../exec/nodeLabel.ts';
import type { RunEvent } from '../../exec/runEvent.ts';
import { runEverywhere, type RunPart } from '../../exec/runEverywhere.ts';
import { takeTurns } from '../../exec/turns.ts';
import type { ServiceNodes } from '../../runs/groups.ts';
import type { Run, RunInfo } from '../../runs/run.ts';
import { HeldOutputs } from '../../runs/heldOutputs.ts';
import { endAsInterrupted } from '../../runs/interruptedRun.ts';
import { describeProgress } from '../../runs/wording.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { reportError } from '../reportError.ts';
import { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';

/** What a user confirmed: a request to Consul and the words to remember it by. */
export interface ConfirmedRun {
  readonly connection: OpenConnection;
  readonly job: Job;
  /** One for each datacenter. */
  readonly parts: readonly ConfirmedPart[];
  readonly choice: string;
  readonly title: string;
  readonly services: ServiceNodes;
}

/** A datacenter's share, with its targets known. */
export interface ConfirmedPart extends RunPart {
  readonly request: RunPart['request'] & { readonly targets: readonly string[] };
}

/** One thing that happened to a run. */
export interface RunChange {
  readonly run: Run;
  readonly event: RunEvent;
}

/** Output that waits for the disk: beyond this the nodes' next output is not fetched yet. */
const MOST_BACKLOG = 16 * 1024 * 1024;

/** Starts, follows, stops and remembers runs. Newest first. */
export class RunService implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #history: RunHistory;
  readonly #stops = new Map<ListedRun, AbortController>();
  readonly #following = new Set<Promise<void>>();
  readonly #held = new HeldOutputs();
  readonly #restored = Promise.withResolvers<undefined>();
  readonly #reading = new Map<ListedRun, Promise<Run>>();
  readonly #listChanged = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<RunChange>();
  readonly #renamed = new vscode.EventEmitter<ListedRun>();
  #runs: readonly ListedRun[] = [];
  /** Ids of the runs that were on disk when it was last looked at. */
  #kept = new Set<string>();

  /** A run was added, removed, or is listed differently. */
  readonly onDidChangeList = this.#listChanged.event;
  /** Something happened in a run; comes for every event, so listeners must be quick. */
  readonly onDidChange = this.#changed.event;
  readonly onDidRename = this.#renamed.event;

  constructor(log: vscode.LogOutputChannel, history: RunHistory) {
    this.#log = log;
    this.#history = history;
  }

  get all(): readonly ListedRun[] {
    return this.#runs;
  }

  /** Runs this window collects. */
  get going(): readonly ListedRun[] {
    return this.#runs.filter((listed) => this.#stops.has(listed));
  }

  /** Resolves once the history is in the list, and what was interrupted is gone on with. */
  get whenRestored(): Promise<undefined> {
    return this.#restored.promise;
  }

  find(id: string): ListedRun | undefined {
    return this.#runs.find((listed) => listed.id === id);
  }

  /** A run by its id; right after a reload, once the history is in the list. */
  async findRestored(id: string): Promise<ListedRun | undefined> {
    const listed = this.find(id);
    if (listed) return listed;
    await this.whenRestored;
    return this.find(id);
  }

  /** Begins a run. Its troubles are reported; `ended` comes with the run's end. */
  async start(confirmed: ConfirmedRun): Promise<{ listed: ListedRun; ended: Promise<void> }> {
    const info = infoOf(confirmed);
    const listed = new ListedRun(await this.#history.create(info));
    this.#noteDisk(listed);
    this.#runs = [listed, ...this.#runs.filter(({ id }) => id !== info.id)];
    const { id, targets, datacenter, connection } = info;
    this.#log.info(`Run ${id} of ${datacenter} through ${connection}, nodes: ${targets.length}`);
    const ended = this.follow(listed, (signal) => runEverywhere(confirmed.parts, signal));
    return { listed, ended };
  }

  /** Puts runs of the history into the list, those aside that are in it already. */
  list(kept: readonly ListedRun[]): void {
    const known = new Set(this.#runs.map(({ id }) => id));
    this.#runs = [...this.#runs, ...kept.filter(({ id }) => !known.has(id))].sort(
      (a, b) => b.info.createdAt - a.info.createdAt,
    );
    this.#listChanged.fire();
  }

  /** Takes in the runs that other windows began, and lets go of those that they deleted. */
  async lookAround(): Promise<void> {
    const before = this.#kept;
    this.#kept = new Set(await this.#history.ids());
    const gone = this.#runs.filter(({ id }) => before.has(id) && !this.#kept.has(id));
    for (const one of gone) await this.refresh(one);
    const come: ListedRun[] = [];
    for (const id of this.#kept) {
      if (before.has(id) || this.find(id)) continue;
      const entry = await this.#history.entry(id);
      // Its record is not written yet: the next time it counts as new again.
      if (entry === 'gone') this.#kept.delete(id);
      else if (entry) come.push(new ListedRun(entry));
    }
    if (come.length > 0) this.list(come);
  }

  /** Takes in what other windows did to a run that this one does not collect. */
  async refresh(listed: ListedRun): Promise<void> {
    const entry = await this.#history.entry(listed.id);
    // Meanwhile this window may go on with it.
    if (!entry || this.#stops.has(listed)) return;
    if (entry === 'gone') this.#runs = this.#runs.filter((one) => one !== listed);
    if (entry === 'gone' || listed.update(entry)) this.#listChanged.fire();
  }

  /** Deletes what is beyond the limits of the history. @param shown stays in the list, whatever they are */
  async prune(shown?: ListedRun): Promise<void> {
    const ids = new Set(await this.#history.prune());
    const gone = this.#runs.filter((one) => ids.has(one.id) && one !== shown);
    if (gone.length > 0) await this.remove(gone);
  }

  /** The history is in the list, and what was interrupted is gone on with. */
  restored(): void {
    this.#restored.resolve(undefined);
  }

  /**
   * Applies events to an open run until they end, however they do.
   * @returns resolves with the run's end; what is left in Consul may be cleaned up after that
   */
  follow(
    listed: ListedRun,
    events: (signal: AbortSignal) => AsyncIterable<RunEvent>,
  ): Promise<void> {
    const stop = new AbortController();
    const over = Promise.withResolvers<undefined>();
    this.#stops.set(listed, stop);
    this.#listChanged.fire();
    const letGo = () => {
      if (this.#stops.delete(listed)) {
        listed.stopping = false;
        this.#listChanged.fire();
      }
      over.resolve(undefined);
    };
    const following = this.#apply(listed, events(stop.signal), stop.signal, letGo).finally(() => {
      letGo();
      this.#following.delete(following);
    });
    this.#following.add(following);
    return over.promise;
  }

  /**
   * The run with all that came back, from disk if need be.
   * @throws NotKeptError, RecordError, JournalError
   */
  async load(listed: ListedRun): Promise<Run> {
    // An interrupted run is gone on with, and must not be read a second time beside that.
    if (!listed.run) await this.whenRestored;
    const run = listed.run ?? (await this.#read(listed));
    this.#hold(run);
    return run;
  }

  /** Stops collecting. What runs on the nodes runs on. */
  stop(listed: ListedRun): void {
    const stop = this.#stops.get(listed);
    if (!stop || listed.stopping) return;
    listed.stopping = true;
    stop.abort();
    this.#listChanged.fire();
  }

  /** Forgets runs that are over, here and in the history. */
  async remove(listed: readonly ListedRun[]): Promise<void> {
    // Another window may just have gone on with one that was interrupted.
    for (const one of listed) if (one.isInterrupted) await this.refresh(one);
    await this.#drop(listed.filter((one) => one.isOver && !this.#stops.has(one)));
  }

  async #drop(gone: readonly ListedRun[]): Promise<void> {
    this.#runs = this.#runs.filter((one) => !gone.includes(one));
    this.#listChanged.fire();
    for (const { run, id } of gone) {
      await run?.output.close().catch((error: unknown) => this.#log.warn(String(error)));
      await this.#history.delete(id);
    }
  }

  async rename(listed: ListedRun, title: string): Promise<void> {
    listed.rename(title);
    this.#listChanged.fire();
    this.#renamed.fire(listed);
    await this.#history.rename(listed.id, title);
  }

  async pin(listed: ListedRun, pinned: boolean): Promise<void> {
    listed.pinned = pinned;
    this.#listChanged.fire();
    await this.#history.pin(listed.id, pinned);
  }

  /**
   * Lets go of every run before the window does: those in the history are picked up again, so their
   * sessions are left to live; the others are stopped and cleaned up.
   */
  async shutDown(): Promise<void> {
    for (const [{ run }, stop] of this.#stops) {
      stop.abort(run && this.#history.records(run) ? new Detach() : undefined);
    }
    await Promise.allSettled(this.#following);
    await this.#history.end();
  }

  dispose(): void {
    this.#listChanged.dispose();
    this.#changed.dispose();
    this.#renamed.dispose();
  }

  /** Trouble with the disk never stops a run: what is not written stays in memory. */
  #noteDisk(listed: ListedRun): void {
    const failure = listed.run && this.#history.failure(listed.run);
    const isNews = (failure === undefined) !== (listed.notKept === undefined);
    listed.notKept = failure;
    if (!isNews) return;
    if (failure) this.#log.warn(`Run ${listed.id} is not on disk: ${failure.message}`);
    this.#listChanged.fire();
  }

  /** A run was looked at, or is over: what was looked at long ago leaves the memory. */
  #hold({ output }: Run): void {
    const open = this.#runs.flatMap(({ run }) => run ?? []);
    const over = open.filter(({ ledger }) => ledger.end !== undefined);
    this.#held.use(
      output,
      over.map((run) => run.output),
    );
  }

  async #read(listed: ListedRun): Promise<Run> {
    const reading =
      this.#reading.get(listed) ??
      this.#history.load(listed.id).finally(() => this.#reading.delete(listed));
    this.#reading.set(listed, reading);
    const run = await reading;
    // It may have been renamed while it was read.
    run.rename(listed.info.title);
    if (listed.isInterrupted) endAsInterrupted(run);
    // What another window collects changes there: it is read anew each time.
    if (run.ledger.end !== undefined) listed.run = run;
    return run;
  }

  /** @param letGo to be called when the run is over, while its events may go on to clean up */
  async #apply(
    listed: ListedRun,
    events: AsyncIterable<RunEvent>,
    signal: AbortSignal,
    letGo: () => void,
  ): Promise<void> {
    const { run } = listed;
    if (!run) return;
    let announced = run.ledger.startedAt !== undefined;
    const tell = (event: RunEvent) => {
      run.apply(event);
      this.#changed.fire({ run, event });
    };
    // One read tells of thousands of nodes, one event each.
    const turn = takeTurns();
    try {
      for await (const event of events) {
        if (event.kind === 'warning') this.#log.warn(event.text);
        if (event.kind === 'announced') announced = true;
        tell(event);
        // Before any node is told of the job it is on disk, where it is found again after a crash.
        const begins = event.kind === 'started';
        if (begins || run.output.backlog > MOST_BACKLOG) await this.#history.flush(run);
        if (event.kind === 'finished') await this.#keep(run).finally(letGo);
        this.#noteDisk(listed);
        await turn();
      }
    } catch (error) {
      if (isDetached(signal)) {
        await this.#history.suspend(run);
        return;
      }
      if (!signal.aborted) reportError(error, this.#log);
      if (!announced) {
        // Nothing ran, so there is nothing to keep.
        this.#stops.delete(listed);
        await this.#drop([listed]);
        return;
      }
      if (run.ledger.end !== undefined) return;
      tell({ kind: 'finished', at: Date.now(), end: 'unreachable', reason: String(error) });
      await this.#keep(run);
      this.#noteDisk(listed);
    }
    if (run.ledger.end === undefined) await this.#history.suspend(run);
    else await this.prune(listed);
  }

  async #keep(run: Run): Promise<void> {
    this.#log.info(`Run ${run.info.id} ended: ${describeProgress(run.ledger)}`);
    await this.#history.finish(run);
    this.#hold(run);
  }
}

function infoOf({ connection, job, parts, choice, title, services }: ConfirmedRun): RunInfo {
  const several = parts.length > 1;
  return {
    id: randomUUID(),
    job,
    title,
    announcements: parts.flatMap(({ request }) => request.announcements),
    announcementsIn: Object.fromEntries(
      parts.map(({ datacenter, request }) => [datacenter, request.announcements]),
    ),
    targets: parts.flatMap(({ datacenter, request }) =>
      several ? request.targets.map((node) => nodeLabel(node, datacenter)) : request.targets,
    ),
    choice,
    datacenter: parts.map(({ datacenter }) => datacenter).join(', '),
    connection: connection.name,
    createdAt: Date.now(),
    services,
  };
}
