import * as vscode from 'vscode';
import { Ramp, type RampPhase } from '../../exec/ramp/ramp.ts';
import type { RampRule } from '../../exec/ramp/rampRule.ts';
import type { RunChange } from '../runs/runList.ts';
import { rampEndMessage, rampLabel } from '../../runs/text/rampText.ts';
import { reportError } from '../base/reportError.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { UserError } from '../base/userError.ts';
import { connectionLabel } from '../connections/connectionLabel.ts';
import { confirmRun } from '../launch/confirm.ts';
import { followWithProgress } from '../launch/followWithProgress.ts';
import type { LaunchServices, RampStarter } from '../launch/launchServices.ts';
import type { ConfirmedStep, LaunchedStep } from '../launch/launchStep.ts';
import { lockPlaces, type PreparedSteps } from '../launch/prepareSteps.ts';
import type { TargetChoice } from '../pick/chooseTargets.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunHistory } from '../runs/runHistory.ts';
import { HeldLocks } from '../rollout/heldLocks.ts';
import type { ShownRamp, ShownRamps } from '../rollout/shownRamps.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { LiveRamp, type RampHost } from './liveRamp.ts';
import { SAVED_RAMPS, type SavedRamp } from './savedRamps.ts';

export interface RampServices extends Omit<LaunchServices, 'ramps'> {
  readonly history: RunHistory;
  readonly viewOptions: RunsViewOptions;
}

/** A ramp came to another phase. */
export interface RampChange {
  readonly live: LiveRamp;
  readonly phase: RampPhase;
}

/** All runs in steps of this workspace that continue on their own. */
export class Ramps implements RampStarter, ShownRamps, vscode.Disposable {
  readonly #services: RampServices;
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #phaseChanged = new vscode.EventEmitter<RampChange>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** The oldest first. */
  #all: readonly LiveRamp[];
  /** Whether the history is loaded. */
  #isRestored = false;
  readonly #phases = new WeakMap<LiveRamp, string>();

  readonly onDidChange = this.#changed.event;
  readonly onDidChangePhase = this.#phaseChanged.event;

  constructor(services: RampServices) {
    this.#services = services;
    const saved = SAVED_RAMPS.read(services.state);
    this.#all = saved.map((one) => this.#restore(one));
    for (const live of this.#all) this.#phases.set(live, phaseKey(live));
    this.#subscriptions = [
      services.runs.onDidChange((change) => this.#handle(change)),
      services.runs.onDidChangeList(() => this.#stopDeleted()),
    ];
    const restored = this.#all;
    void services.runs.whenRestored.then(() => this.#showInterrupted(restored, saved));
  }

  async begin(
    first: ListedRun,
    choice: TargetChoice,
    rule: RampRule,
    { where, locks }: PreparedSteps,
  ): Promise<void> {
    const { viewOptions } = this.#services;
    const { targets, later } = choice;
    const ramp = new Ramp([targets.map(({ label }) => label), ...later], rule);
    const saved: SavedRamp = {
      record: ramp.record,
      runs: [],
      ...where,
      ignored: viewOptions.ignored,
      reference: [],
    };
    const live = this.#create(saved, ramp, locks);
    this.#all = [...this.#all, live];
    await live.begin(first);
  }

  has(run: string): boolean {
    return this.#find(run) !== undefined;
  }

  nextStepOf(run: string): 'live' | 'unsure' | undefined {
    const phase = this.#find(run)?.ramp.phase;
    if (phase?.kind === 'ended') return phase.end === 'unsure' ? 'unsure' : undefined;
    return phase && 'live';
  }

  shown(run: string): ShownRamp | undefined {
    const live = this.#find(run);
    if (live?.runs.at(-1) !== run) return undefined;
    const { ramp } = live;
    const { kind } = ramp.phase;
    const state = kind === 'held' || kind === 'ended' ? kind : 'going';
    return { label: rampLabel(ramp, performance.now()), state };
  }

  /**
   * The steps that a run belongs to, or else the latest that have not ended.
   * @throws UserError if there are none
   */
  of(run: string | undefined): LiveRamp {
    const live =
      run === undefined
        ? this.#all.findLast(({ ramp }) => ramp.phase.kind !== 'ended')
        : this.#find(run);
    if (live) return live;
    throw new UserError(vscode.l10n.t('This run has no steps that start on their own.'));
  }

  /** A running step runs to its end; the next one doesn't start. @throws UserError after the end */
  pause(live: LiveRamp): void {
    requireLive(live);
    live.send({ kind: 'pause' });
  }

  /** Nothing further starts, ever. @throws UserError after the end */
  stop(live: LiveRamp): void {
    requireLive(live);
    live.send({ kind: 'stop' });
  }

  /** Starts the next step, after a confirmation if each step has one. @throws UserError */
  async continue(live: LiveRamp): Promise<void> {
    requireTrust();
    requireLive(live);
    live.requireLatest();
    const { step } = live.ramp;
    await live.resume();
    if (live.ramp.rule.asks && !live.ramp.isRunning && !(await this.#confirm(live))) return;
    // Another confirmation can have started that step.
    if (live.ramp.step === step) live.send({ kind: 'continue' });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const live of this.#all) live.dispose();
    this.#changed.dispose();
    this.#phaseChanged.dispose();
  }

  async #confirm({ ramp, latest, saved: { place, datacenters } }: LiveRamp): Promise<boolean> {
    const targets = ramp.steps[ramp.step];
    if (!targets || !latest || ramp.phase.kind === 'ended') return true;
    const { job, parameters = [] } = latest.info;
    return confirmRun({
      job,
      parameters,
      targets,
      place: [datacenters.join(', '), connectionLabel(place.name, true)].join(' · '),
      when: 'always',
    });
  }

  /** A run that never began is deleted, and a deleted run has no next step. */
  #stopDeleted(): void {
    if (!this.#isRestored) return;
    for (const live of this.#all) {
      const latest = live.runs.at(-1);
      const isGone = latest !== undefined && !this.#services.runs.isKnown(latest);
      if (isGone && live.ramp.phase.kind !== 'ended') live.send({ kind: 'stop' });
    }
  }

  #restore(saved: SavedRamp): LiveRamp {
    const locks =
      saved.locks && new HeldLocks(saved.locks, lockPlaces(this.#services.connections, saved));
    return this.#create(saved, Ramp.restore(saved.record), locks);
  }

  #create(saved: SavedRamp, ramp: Ramp, locks: HeldLocks | undefined): LiveRamp {
    const host: RampHost = {
      ...this.#services,
      launch: (step) => this.#launch(step),
      changed: (live) => this.#onChange(live),
      ticked: (live) => this.#draw(live),
    };
    return new LiveRamp(saved, ramp, host, locks);
  }

  async #launch(step: ConfirmedStep): Promise<LaunchedStep | undefined> {
    const { launchStep } = await import('../launch/launchStep.ts');
    const launched = await launchStep({ ...this.#services, ramps: this }, step);
    if (launched?.started) {
      const { listed, ended } = launched.started;
      void followWithProgress(listed, ended);
    }
    return launched;
  }

  #find(run: string): LiveRamp | undefined {
    return this.#all.find(({ runs }) => runs.includes(run));
  }

  #handle({ run, event }: RunChange): void {
    for (const live of this.#all) live.handle(run, event);
  }

  async #onChange(live: LiveRamp): Promise<void> {
    this.#draw(live);
    const key = phaseKey(live);
    if (this.#phases.get(live) !== key) {
      this.#phases.set(live, key);
      this.#explain(live);
      this.#phaseChanged.fire({ live, phase: live.ramp.phase });
    }
    await this.#save();
  }

  #draw({ latest }: LiveRamp): void {
    if (latest) this.#changed.fire(latest.id);
  }

  /** The run says why nothing further starts: in its channel, its record and its exports. */
  #explain({ ramp, latest }: LiveRamp): void {
    const { phase } = ramp;
    if (phase.kind !== 'ended' || phase.end !== 'budget' || !latest?.run || !latest.isActive)
      return;
    const text = rampEndMessage(ramp);
    this.#services.runs.apply(latest.run, { kind: 'warning', at: Date.now(), text });
  }

  /** @param restored in the order of `saved` */
  async #showInterrupted(
    restored: readonly LiveRamp[],
    saved: readonly SavedRamp[],
  ): Promise<void> {
    this.#isRestored = true;
    for (const [index, { record }] of saved.entries()) {
      const live = restored[index];
      const wasGoing = record.hold === undefined && record.end === undefined;
      // Its step continues in this window, and so do its locks.
      if (live?.latest?.isActive) void live.keepLocks();
      if (live && wasGoing) this.#phaseChanged.fire({ live, phase: live.ramp.phase });
    }
    if (saved.length > 0) await this.#save();
  }

  /** Without those whose runs were deleted. */
  async #save(): Promise<void> {
    const { runs, state, log } = this.#services;
    const isNeeded = ({ ramp: { phase }, runs: ids }: LiveRamp) =>
      phase.kind === 'running' || phase.kind === 'pausing' || ids.some((id) => runs.isKnown(id));
    if (this.#isRestored) this.#all = this.#all.filter(isNeeded);
    try {
      await SAVED_RAMPS.write(
        state,
        this.#all.map(({ saved }) => saved),
      );
    } catch (error) {
      reportError(error, log);
      throw error;
    }
  }
}

function requireLive({ ramp }: LiveRamp): void {
  if (ramp.phase.kind === 'ended') throw new UserError(rampEndMessage(ramp));
}

/** Differs when the user should be notified. */
function phaseKey({ ramp }: LiveRamp): string {
  return JSON.stringify([ramp.phase, ramp.step]);
}
