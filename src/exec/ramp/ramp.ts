import type { RampRule } from './rampRule.ts';

/** Why a node counts towards the budget. */
export type Shortfall = 'failed' | 'lost' | 'unknown' | 'noResponse' | 'different';

/** Why a ramp waits for the user. */
export type HoldReason =
  /** It has not begun. */
  | 'planned'
  | 'user'
  /** The window was reloaded or closed. */
  | 'reload'
  /** Every step is confirmed. */
  | 'asks'
  /** The step's run lost contact with Consul, so its results are not known. */
  | 'cut'
  /** A step could not be started. */
  | 'problem';

export interface Hold {
  readonly why: HoldReason;
  /** A sentence about the problem. */
  readonly problem?: string | undefined;
}

/** Why nothing further starts. */
export type RampEnd =
  | 'done'
  | 'budget'
  | 'user'
  /** The window closed while a step was being started. */
  | 'unsure';

/** What a ramp does now. */
export type RampPhase =
  | { readonly kind: 'running'; readonly step: number }
  /** Between two steps. @see RampInput for the clock */
  | { readonly kind: 'pausing'; readonly until: number }
  | { readonly kind: 'held'; readonly hold: Hold }
  | { readonly kind: 'ended'; readonly end: RampEnd };

export type RampInput =
  /** The user begins or continues: the next step starts without a further pause. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'clock' }
  /** The run of the step has started, without the nodes that are gone. */
  | { readonly kind: 'started'; readonly skipped: readonly string[] }
  /** The run of the step was not started; without a problem because the ramp was held or stopped. */
  | { readonly kind: 'notStarted'; readonly problem?: string }
  | {
      readonly kind: 'result';
      readonly node: string;
      readonly status: 'pending' | 'ok' | Exclude<Shortfall, 'different'>;
      readonly differs: boolean;
    }
  /** The run of the step is over, after the results of all of its nodes. */
  | { readonly kind: 'ended'; readonly how: 'complete' | 'stopped' | 'cut' };

/** A ramp as it is saved. */
export interface RampRecord {
  readonly steps: readonly (readonly string[])[];
  readonly rule: RampRule;
  readonly started: number;
  readonly current: 'idle' | 'starting' | 'running';
  readonly hold?: Hold | undefined;
  readonly end?: RampEnd | undefined;
  readonly counted: readonly (readonly [node: string, shortfall: Shortfall])[];
  readonly skipped: readonly string[];
}

/**
 * A run in steps that continues on its own: decides when the next step starts. It is a pure state
 * machine, as the same inputs at the same times give the same steps. Times are milliseconds of a clock
 * that is never set back.
 *
 * At most as many nodes count as the budget, plus those in flight when it was spent; nothing starts
 * after that.
 */
export class Ramp {
  readonly steps: readonly (readonly string[])[];
  readonly rule: RampRule;
  /** How many steps have been started, including the one that is being started. */
  #started = 0;
  #current: RampRecord['current'] = 'idle';
  #hold: Hold | undefined = { why: 'planned' };
  #end: RampEnd | undefined;
  #nextAt: number | undefined;
  readonly #counted = new Map<string, Shortfall>();
  #skipped: readonly string[] = [];
  /** The nodes of the steps that have been started. */
  readonly #known = new Set<string>();
  /** Those of them that can still get a result: no other state than lost is taken back. */
  readonly #inFlight = new Set<string>();

  /** @param steps names of the nodes of each step; each node is in one step */
  constructor(steps: readonly (readonly string[])[], rule: RampRule) {
    this.steps = steps;
    this.rule = rule;
  }

  /** A saved ramp, which waits for the user: nothing starts because a window opens. */
  static restore(record: RampRecord): Ramp {
    const ramp = new Ramp(record.steps, record.rule);
    ramp.#started = record.started;
    ramp.#skipped = record.skipped;
    const skipped = new Set(record.skipped);
    for (const node of record.steps.slice(0, record.started).flat()) {
      if (!skipped.has(node)) ramp.#known.add(node);
    }
    for (const [node, shortfall] of record.counted) ramp.#counted.set(node, shortfall);
    // Whether its run was created is not known, and it must not run twice.
    ramp.#end = record.end ?? (record.current === 'starting' ? 'unsure' : undefined);
    ramp.#current = record.current === 'starting' ? 'idle' : record.current;
    if (ramp.isRunning) {
      const current = record.steps[record.started - 1] ?? [];
      for (const node of current) if (ramp.#known.has(node)) ramp.#inFlight.add(node);
    }
    ramp.#hold = record.hold ?? { why: 'reload' };
    return ramp;
  }

  /** What to save; without the results of nodes that don't count. */
  get record(): RampRecord {
    return {
      steps: this.steps,
      rule: this.rule,
      started: this.#started,
      current: this.#current,
      hold: this.#hold,
      end: this.#end,
      counted: [...this.#counted],
      skipped: this.#skipped,
    };
  }

  get phase(): RampPhase {
    if (this.#end) return { kind: 'ended', end: this.#end };
    if (this.#hold) return { kind: 'held', hold: this.#hold };
    if (this.#nextAt !== undefined) return { kind: 'pausing', until: this.#nextAt };
    return { kind: 'running', step: this.#started };
  }

  /** The step that was started last; 0 before the first. */
  get step(): number {
    return this.#started;
  }

  /** Whether the run of that step has not ended. */
  get isRunning(): boolean {
    return this.#current === 'running';
  }

  /** How many nodes count towards the budget, by the reason. */
  get shortfalls(): ReadonlyMap<Shortfall, number> {
    const counts = new Map<Shortfall, number>();
    for (const shortfall of this.#counted.values()) {
      counts.set(shortfall, (counts.get(shortfall) ?? 0) + 1);
    }
    return counts;
  }

  /** How many nodes count towards the budget. */
  get spent(): number {
    return this.#counted.size;
  }

  /** Whether a node counts towards the budget now. */
  isCounted(node: string): boolean {
    return this.#counted.has(node);
  }

  /** The nodes of the running step that have no result yet, or were lost and can be heard from again. */
  get inFlight(): ReadonlySet<string> {
    return this.#inFlight;
  }

  /** The nodes that were gone when their step started. */
  get skipped(): readonly string[] {
    return this.#skipped;
  }

  /** The nodes of the steps that have not been started. */
  get waiting(): string[] {
    return this.steps.slice(this.#started).flat();
  }

  /**
   * Whether a step that is being started can still begin. Ask right before it does: checks before a
   * start take time, in which the user can pause or stop.
   */
  get canBegin(): boolean {
    return this.#current === 'starting' && !this.#hold && !this.#end;
  }

  /**
   * @param now see the class
   * @returns the number of the step to start now, from 1; undefined for none
   */
  apply(input: RampInput, now: number): number | undefined {
    switch (input.kind) {
      case 'continue':
        this.#hold = undefined;
        this.#nextAt = undefined;
        break;
      case 'pause':
        this.#hold ??= { why: 'user' };
        break;
      case 'stop':
        this.#end ??= 'user';
        break;
      case 'clock':
        break;
      case 'started':
        this.#begin(input.skipped);
        break;
      case 'notStarted':
        this.#takeBack(input.problem);
        break;
      case 'result':
        this.#count(input);
        break;
      case 'ended':
        this.#endStep(input.how, now);
        break;
    }
    return this.#next(now);
  }

  #next(now: number): number | undefined {
    if (this.#end || this.#current !== 'idle') return undefined;
    if (this.#started === this.steps.length) {
      this.#end = 'done';
      return undefined;
    }
    if (this.#hold || now < (this.#nextAt ?? 0)) return undefined;
    this.#nextAt = undefined;
    this.#current = 'starting';
    return ++this.#started;
  }

  #begin(skipped: readonly string[]): void {
    if (this.#current !== 'starting') return;
    this.#current = 'running';
    const gone = new Set(skipped);
    const nodes = this.steps[this.#started - 1] ?? [];
    this.#skipped = [...this.#skipped, ...nodes.filter((node) => gone.has(node))];
    for (const node of nodes) {
      if (gone.has(node)) continue;
      this.#known.add(node);
      this.#inFlight.add(node);
    }
  }

  #takeBack(problem: string | undefined): void {
    if (this.#current !== 'starting') return;
    this.#current = 'idle';
    this.#started--;
    this.#hold ??= problem === undefined ? { why: 'user' } : { why: 'problem', problem };
  }

  #count({ node, status, differs }: Extract<RampInput, { kind: 'result' }>): void {
    if (!this.#known.has(node)) return;
    if (status === 'pending' || status === 'lost') this.#inFlight.add(node);
    else this.#inFlight.delete(node);
    const shortfall = this.#shortfallOf(status, differs);
    // A node that was lost can be heard from again.
    if (shortfall) this.#counted.set(node, shortfall);
    else this.#counted.delete(node);
    if (this.#counted.size > this.rule.budget) this.#end ??= 'budget';
  }

  #shortfallOf(
    status: Extract<RampInput, { kind: 'result' }>['status'],
    differs: boolean,
  ): Shortfall | undefined {
    const { failed, noResult, different } = this.rule.counts;
    if (status === 'failed' && failed) return 'failed';
    if (status === 'lost' || status === 'unknown' || status === 'noResponse') {
      return noResult ? status : undefined;
    }
    return status !== 'pending' && differs && different ? 'different' : undefined;
  }

  #endStep(how: 'complete' | 'stopped' | 'cut', now: number): void {
    if (this.#current !== 'running') return;
    this.#current = 'idle';
    this.#inFlight.clear();
    if (how === 'stopped') this.#end ??= 'user';
    if (how === 'cut') this.#hold ??= { why: 'cut' };
    if (this.rule.asks) this.#hold ??= { why: 'asks' };
    this.#nextAt = this.rule.pauseMs > 0 ? now + this.rule.pauseMs : undefined;
  }
}
