import type * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import { createYielder } from '../../base/yielder.ts';
import { cappedLimits, OutputLimit } from '../../exec/cap/outputLimit.ts';
import { Detach, isDetached } from '../../exec/run/detach.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import type { Run } from '../../runs/run.ts';
import { describeProgress } from '../../runs/text/stateText.ts';
import { logError, reportError } from '../base/reportError.ts';
import { outputLimits } from '../base/settings.ts';
import { type ConfirmedRun, createRunInfo, runPartsOf } from './confirmedRun.ts';
import { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunList } from './runList.ts';
import type { RunLoader } from './runLoader.ts';

/** With more output waiting for the disk, the nodes' next output is not fetched yet. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

export interface StartedRun {
  readonly listed: ListedRun;
  /** Resolves when the run ends. Its errors are reported. */
  readonly ended: Promise<void>;
}

/** Starts runs, applies their events as they come, and stops them. */
export class RunFollower {
  readonly #runs: RunList;
  readonly #loader: RunLoader;
  readonly #history: RunHistory;
  readonly #log: vscode.LogOutputChannel;
  readonly #following = new Set<Promise<void>>();

  constructor(runs: RunList, loader: RunLoader, history: RunHistory, log: vscode.LogOutputChannel) {
    this.#runs = runs;
    this.#loader = loader;
    this.#history = history;
    this.#log = log;
  }

  async start(confirmed: ConfirmedRun): Promise<StartedRun> {
    const info = createRunInfo(confirmed);
    const outputLimit = new OutputLimit(cappedLimits(outputLimits(), confirmed.outputCap));
    const listed = new ListedRun(await this.#history.create(info));
    this.#checkSaved(listed);
    const { id, targets, datacenters, connection } = info;
    const place = `${datacenters.join(', ')} on ${connection}`;
    this.#log.info(`Run ${id} in ${place}, nodes: ${targets.length}`);
    const parts = runPartsOf(confirmed, listed.limitOutput(outputLimit));
    const ended = this.follow(listed, async function* (signal) {
      const { startedEvents } = await import('./startedEvents.ts');
      yield* startedEvents(listed, parts, signal);
    });
    return { listed, ended };
  }

  /**
   * Applies events to an open run until the events end or fail.
   * @returns a promise that resolves when the run ends; its cleanup in Consul can still follow
   */
  follow(
    listed: ListedRun,
    events: (signal: AbortSignal) => AsyncIterable<RunEvent>,
  ): Promise<void> {
    const over = Promise.withResolvers<undefined>();
    const signal = listed.markActive();
    this.#runs.addFirst(listed);
    const markOver = () => {
      if (listed.markOver()) this.#runs.notifyChanged();
      over.resolve(undefined);
    };
    const following = this.#applyAll(listed, events(signal), signal, markOver).finally(() => {
      markOver();
      this.#following.delete(following);
    });
    this.#following.add(following);
    return over.promise;
  }

  /**
   * Continues a finished run with further events.
   * @returns false if the run isn't saved, or another window collects it
   */
  async reopen(
    listed: ListedRun,
    events: (signal: AbortSignal) => AsyncIterable<RunEvent>,
  ): Promise<boolean> {
    if (listed.isActive) return false;
    const run = await this.#history.reopen(listed.id);
    if (!run) return false;
    listed.resume(run);
    void this.follow(listed, events);
    return true;
  }

  /**
   * Adds events to a run, also to one that is over.
   * @returns false if another window collects it
   */
  async record(listed: ListedRun, events: readonly RunEvent[]): Promise<boolean> {
    const saved = listed.isActive ? undefined : await this.#history.reopen(listed.id);
    if (saved) listed.open(saved);
    const { run } = listed;
    if (!run) return false;
    for (const event of events) this.#runs.apply(run, event);
    if (saved?.ledger.end !== undefined) await this.#history.finish(saved);
    else if (saved) await this.#history.suspend(saved);
    this.#runs.notifyChanged();
    return true;
  }

  /** Stops collecting output. It doesn't end the job on the nodes. */
  stop(listed: ListedRun): void {
    if (listed.stop()) this.#runs.notifyChanged();
  }

  /**
   * Call this before the window closes. Runs in the history will be resumed, so their sessions stay
   * alive; other runs are stopped and cleaned up.
   */
  async shutDown(): Promise<void> {
    for (const listed of this.#runs.active) {
      const { run } = listed;
      listed.stop(run && this.#history.records(run) ? new Detach() : undefined);
    }
    await Promise.allSettled(this.#following);
    await this.#history.end();
  }

  /** @param markOver called when the run finishes; cleanup events can still follow */
  async #applyAll(
    listed: ListedRun,
    events: AsyncIterable<RunEvent>,
    signal: AbortSignal,
    markOver: () => void,
  ): Promise<void> {
    const { run } = listed;
    if (!run) return;
    let announced = run.ledger.startedAt !== undefined;
    // One read can yield thousands of events.
    const maybeYield = createYielder();
    try {
      for await (const event of events) {
        if (event.kind === 'announced') announced = true;
        await this.#apply(run, event);
        if (event.kind === 'finished') await this.#finish(run).finally(markOver);
        this.#checkSaved(listed);
        await maybeYield();
      }
    } catch (error) {
      if (isDetached(signal)) return this.#history.suspend(run);
      if (announced && run.ledger.end === undefined) return this.#fail(listed, run, error);
      if (!signal.aborted) reportError(error, this.#log);
      if (announced) return;
      // Nothing ran, so there is nothing to save.
      listed.markOver();
      return this.#runs.delete([listed]);
    }
    if (run.ledger.end === undefined) await this.#history.suspend(run);
    else await this.#runs.prune(listed);
  }

  async #apply(run: Run, event: RunEvent): Promise<void> {
    this.#logEvent(run, event);
    this.#runs.apply(run, event);
    // On disk before the job reaches a node or a session takes a key: it is found after a crash.
    const isPrepared = ['started', 'attempted', 'kept'].includes(event.kind);
    if (isPrepared || run.backlog > MAX_BACKLOG_BYTES) await this.#history.flush(run);
  }

  /** The log says when each attempt and each fence was made. */
  #logEvent({ info }: Run, event: RunEvent): void {
    switch (event.kind) {
      case 'warning':
        this.#log.warn(event.text);
        return;
      case 'attempted':
        this.#log.info(
          event.nodes.length > 0
            ? `Run ${info.id}: session ${event.session} announces it again to ${joinNames(event.nodes)}`
            : `Run ${info.id}: session ${event.session} fences nodes that did not respond`,
        );
        return;
      case 'fenced':
        this.#log.info(`Run ${info.id}: fenced ${joinNames(event.nodes)}`);
        return;
      case 'kept':
        this.#log.info(`Run ${info.id}: session ${event.session} keeps nodes from beginning again`);
        return;
      case 'limited':
        if (event.nodes.length === 0) return;
        this.#log.info(`Run ${info.id}: near the limit of output: ${joinNames(event.nodes)}`);
        return;
      case 'cut':
        this.#log.warn(`Run ${info.id}: ${event.node} was cut after ${event.bytes} bytes`);
        return;
      case 'acknowledged':
        if (event.attempt === undefined) return;
        this.#log.info(`Run ${info.id}: ${event.node} responded at attempt ${event.attempt}`);
        return;
      default:
    }
  }

  /** Ends a run whose events failed. Its reason is shown to the user, so it isn't reported as well. */
  async #fail(listed: ListedRun, run: Run, error: unknown): Promise<void> {
    const reason = logError(error, this.#log);
    this.#runs.apply(run, { kind: 'finished', at: Date.now(), end: 'unreachable', reason });
    await this.#finish(run);
    this.#checkSaved(listed);
    await this.#runs.prune(listed);
  }

  async #finish(run: Run): Promise<void> {
    this.#log.info(`Run ${run.info.id} ended: ${describeProgress(run.ledger)}`);
    await this.#history.finish(run);
    this.#loader.markUsed(run);
  }

  /** Disk errors never stop a run: what can't be written stays in memory. */
  #checkSaved(listed: ListedRun): void {
    const failure = listed.run && this.#history.failure(listed.run);
    if (!listed.setSaveFailure(failure)) return;
    if (failure) this.#log.warn(`Run ${listed.id} is not on disk: ${failure.message}`);
    this.#runs.notifyChanged();
  }
}
