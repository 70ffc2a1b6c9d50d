import * as vscode from 'vscode';
import { nodeLabel } from '../../base/nodeLabel.ts';
import type { Ramp, RampInput } from '../../exec/ramp/ramp.ts';
import type { RunEnd, RunEvent } from '../../exec/events/runEvent.ts';
import type { OutputGrouping } from '../../runs/grouping/outputGrouping.ts';
import { type NodeResult, statusOf } from '../../runs/model/nodeStatus.ts';
import { isInSeveral } from '../../runs/model/runNodes.ts';
import type { Run } from '../../runs/run.ts';
import { logError } from '../base/reportError.ts';
import { UserError } from '../base/userError.ts';
import type { ConfirmedStep, LaunchedStep } from '../launch/launchStep.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { HeldLocks } from '../rollout/heldLocks.ts';
import type { PlannedSteps } from '../runs/plannedSteps.ts';
import type { RunHistory } from '../runs/runHistory.ts';
import type { RunList } from '../runs/runList.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { SavedRamp } from './savedRamps.ts';

/** What a ramp needs of the editor. */
export interface RampHost {
  readonly runs: RunList;
  readonly loader: RunLoader;
  readonly steps: PlannedSteps;
  readonly history: RunHistory;
  readonly log: vscode.LogOutputChannel;
  launch(step: ConfirmedStep): Promise<LaunchedStep | undefined>;
  /** Its state has changed. @returns a promise that resolves once the state is saved */
  changed(live: LiveRamp): Promise<void>;
  /** Only the time until the next step has changed. */
  ticked(live: LiveRamp): void;
}

const TICK_MS = 1000;
/** Events that decide what came of a node. */
const RESULTS: ReadonlySet<RunEvent['kind']> = new Set(['exited', 'lost', 'cut', 'ended']);

/** A run in steps that continues on its own: gives the state machine what happens, and does what it says. */
export class LiveRamp implements vscode.Disposable {
  readonly ramp: Ramp;
  readonly #host: RampHost;
  readonly #saved: Omit<SavedRamp, 'record' | 'runs' | 'reference' | 'locks'>;
  readonly #locks: HeldLocks | undefined;
  #runs: readonly string[];
  #reference: ReadonlySet<string>;
  /** By the ids of the runs whose events arrive here: how their outputs are compared. */
  readonly #followed = new Map<string, OutputGrouping | undefined>();
  /** The latest step with a run. */
  #ranStep: number;
  /** The latest step that this window reserved. */
  #claimed = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(saved: SavedRamp, ramp: Ramp, host: RampHost, locks?: HeldLocks) {
    const { runs, reference, ...rest } = saved;
    this.#locks = locks;
    this.ramp = ramp;
    this.#host = host;
    this.#saved = rest;
    this.#runs = runs;
    this.#ranStep = ramp.step;
    this.#reference = new Set(reference);
  }

  get saved(): SavedRamp {
    const { record } = this.ramp;
    const locks = this.#locks && { locks: this.#locks.saved };
    return { ...this.#saved, ...locks, record, runs: this.#runs, reference: [...this.#reference] };
  }

  /** Ids of the runs of the started steps. */
  get runs(): readonly string[] {
    return this.#runs;
  }

  /** The run of the step that was started last. */
  get latest(): ListedRun | undefined {
    return this.#host.runs.find(this.#runs.at(-1) ?? '');
  }

  /** @throws UserError if the run was deleted, since it has the job and the results */
  requireLatest(): ListedRun {
    const { latest } = this;
    if (latest) return latest;
    throw new UserError(
      vscode.l10n.t(
        'The run of the latest step is no longer in the list, so its results are not known. Run the job again on the remaining nodes.',
      ),
    );
  }

  /** The run of the current step; undefined if all of its nodes were gone. */
  get current(): ListedRun | undefined {
    return this.#ranStep === this.ramp.step ? this.latest : undefined;
  }

  /** The first step is running: the user confirmed all steps. */
  async begin(first: ListedRun): Promise<void> {
    this.#runs = [first.id];
    this.ramp.apply({ kind: 'continue' }, performance.now());
    this.#ranStep = this.ramp.step;
    this.send({ kind: 'started', skipped: [] });
    await this.#follow(first);
  }

  /**
   * Follows the run of a step that was running when the window was reloaded.
   * @throws UserError if this window can't know its results
   */
  async resume(): Promise<void> {
    if (!this.ramp.isRunning || this.#followed.has(this.#runs.at(-1) ?? '')) return;
    await this.#host.runs.whenRestored;
    const latest = this.requireLatest();
    if (!latest.isActive && !latest.isOver) {
      throw new UserError(
        vscode.l10n.t('Another window collects this step. Continue when it has finished.'),
      );
    }
    await this.#follow(latest);
  }

  send(input: RampInput): void {
    if (this.#isDisposed) return;
    const before = this.#state();
    const step = this.ramp.apply(input, performance.now());
    const saved = before === this.#state() ? Promise.resolve() : this.#host.changed(this);
    this.#setTimer();
    this.#unlockAtEnd();
    if (step !== undefined) void this.#start(step, saved);
    // The host has reported it.
    else saved.catch(() => undefined);
  }

  /** An event was applied to a run. */
  handle(run: Run, event: RunEvent): void {
    if (!this.#followed.has(run.info.id)) return;
    if (event.kind === 'finished') {
      this.#readResults(run);
      this.#unlockAtEnd();
    } else if ('node' in event) {
      // Other events change nothing, and there can be very many.
      const matters = RESULTS.has(event.kind);
      const result = run.ledger.get(event.node);
      if (!result) return;
      if (matters || this.ramp.isCounted(this.#labelOf(run, event.node))) this.#read(run, result);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#locks?.dispose();
  }

  /** After a reload: another user must not get the locks while a step runs. */
  async keepLocks(): Promise<void> {
    try {
      await this.#locks?.take();
    } catch (error) {
      logError(error, this.#host.log);
    }
  }

  /** A step that runs when the steps are stopped runs to its end. */
  #unlockAtEnd(): void {
    const { phase, record } = this.ramp;
    if (phase.kind !== 'ended' || record.current === 'starting') return;
    const run = this.latest?.run;
    if (!run || run.ledger.end !== undefined) void this.#locks?.release();
  }

  #state(): string {
    const { phase, step, isRunning, spent } = this.ramp;
    return JSON.stringify([phase, step, isRunning, spent]);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const { phase } = this.ramp;
    if (phase.kind !== 'pausing' || this.#isDisposed) return;
    const delay = Math.max(0, Math.min(TICK_MS, Math.ceil(phase.until - performance.now())));
    this.#timer = setTimeout(() => {
      this.#host.ticked(this);
      this.send({ kind: 'clock' });
    }, delay);
  }

  /**
   * @param saved resolves once it is saved that this step starts, so that it can't start twice. The window
   * saves it: on a server, an extension host without a window waits here, and starts nothing.
   */
  async #start(step: number, saved: Promise<void>): Promise<void> {
    let launched: LaunchedStep | undefined;
    try {
      await saved;
      await this.#locks?.take();
      launched = await this.#host.launch(this.#confirmedStep(step));
    } catch (error) {
      if (error instanceof vscode.CancellationError) this.send({ kind: 'notStarted' });
      else this.send({ kind: 'notStarted', problem: logError(error, this.#host.log) });
      return;
    }
    if (!launched) {
      this.send({ kind: 'notStarted' });
      return;
    }
    const { started, skipped } = launched;
    const earlier = this.#runs;
    if (started) {
      this.#runs = [...earlier, started.listed.id];
      this.#ranStep = step;
    }
    this.send({ kind: 'started', skipped });
    if (!started) {
      this.send({ kind: 'ended', how: 'complete' });
      return;
    }
    try {
      await this.#plan(started.listed.id, step, earlier);
      await this.#follow(started.listed);
    } catch (error) {
      logError(error, this.#host.log);
      // It runs, but its results can't be read.
      this.send({ kind: 'pause' });
    }
  }

  #confirmedStep(step: number): ConfirmedStep {
    const latest = this.requireLatest();
    const { job, guard, title, parameters, file, outputCap } = latest.info;
    const { place, settings, datacenters } = this.#saved;
    const labels = this.ramp.steps[step - 1] ?? [];
    const commit = () => this.#commit(step, latest.id);
    const named = { job, guard, title, parameters, file, place: latest.info.place, outputCap };
    return { named, place, settings, datacenters, labels, commit };
  }

  async #commit(step: number, before: string): Promise<boolean> {
    const canBegin = () => this.ramp.canBegin && !this.#isDisposed;
    if (!canBegin()) return false;
    if (this.#claimed < step) {
      if (!(await this.#host.history.claimStep(before, step))) {
        throw new UserError(
          vscode.l10n.t(
            'Step {0} has started already, in another window or before a reload. Stop these steps.',
            step,
          ),
        );
      }
      this.#claimed = step;
    }
    return canBegin();
  }

  /** Saves the positions of the runs, as for steps that are started by hand. */
  #plan(id: string, step: number, earlier: readonly string[]): Promise<void> {
    const { steps, runs } = this.#host;
    const later = this.ramp.steps.slice(step);
    const planned = { step, of: this.ramp.steps.length, later, earlier };
    const saved = steps.add(id, planned, (run) => runs.isKnown(run));
    // It is under the row of its run now.
    runs.notifyChanged();
    return saved;
  }

  async #follow(listed: ListedRun): Promise<void> {
    const run = await this.#host.loader.load(listed);
    const { different } = this.ramp.rule.counts;
    const grouping = different ? await run.groupings.ignoring(this.#saved.ignored) : undefined;
    this.#followed.set(listed.id, grouping);
    this.#readResults(run);
  }

  /** Reads the results so far, and whether the run is over. */
  #readResults(run: Run): void {
    const { ledger, info } = run;
    for (const result of ledger.nodes) this.#read(run, result);
    if (ledger.end === undefined || info.id !== this.#runs.at(-1)) return;
    if (info.id === this.#runs[0]) {
      const groups = this.#followed.get(info.id)?.groups(ledger) ?? [];
      const exited = groups.filter(({ code }) => code !== undefined);
      this.#reference = new Set(exited.map(({ id }) => id));
    }
    this.send({ kind: 'ended', how: howEnded(ledger.end) });
  }

  #read(run: Run, result: NodeResult): void {
    const status = statusOf(result);
    this.send({
      kind: 'result',
      node: this.#labelOf(run, result.node),
      status: status === 'running' || status === 'waiting' ? 'pending' : status,
      differs: this.#differs(run, result),
    });
  }

  #differs({ info }: Run, result: NodeResult): boolean {
    const grouping = this.#followed.get(info.id);
    if (!grouping || result.state !== 'exited' || info.id === this.#runs[0]) return false;
    return !this.#reference.has(grouping.groupOf(result));
  }

  /** A node's name in the ramp: the run of a single step can have fewer datacenters. */
  #labelOf({ info }: Run, node: string): string {
    if (this.#saved.datacenters.length < 2 || isInSeveral(info)) return node;
    return nodeLabel(node, info.datacenters[0] ?? '');
  }
}

function howEnded(end: RunEnd): 'complete' | 'stopped' | 'cut' {
  switch (end) {
    case 'complete':
    case 'quiet':
      return 'complete';
    case 'stopped':
      return 'stopped';
    case 'sessionLost':
    case 'unreachable':
      return 'cut';
  }
}
