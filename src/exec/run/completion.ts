import type { RunEnd } from '../events/runEvent.ts';

/** Without this many heartbeats in a row, a node counts as lost. */
const MISSED_HEARTBEATS = 3;

export interface CompletionOptions {
  /** The nodes that should run the job; undefined when that is not known, as for the CLI. */
  readonly targets: readonly string[] | undefined;
  /** How long a run without known targets must be quiet before it ends. A node is not lost sooner. */
  readonly quietMs: number;
  /** How long no node acknowledges before those that are missing are overdue. */
  readonly overdueAfterMs: number;
  /** How often a node writes a sign of life while its job is quiet. */
  readonly heartbeatMs: number;
  /** A clock that never steps, as all other times here. */
  readonly now: number;
}

export interface Verdict {
  /** Nodes that count as lost from now on. */
  readonly lost: readonly string[];
  /** Nodes that have not acknowledged in time: fence them, then announce again or give up. */
  readonly overdue: readonly string[];
  readonly end: Extract<RunEnd, 'complete' | 'quiet'> | undefined;
  /** When to check again at the latest, if nothing happens. */
  readonly wakeAt: number;
}

/**
 * Decides when a node is lost or overdue and when a run is over, from what was read when. A run ends
 * as soon as every target has exited, is lost or was given up, and no other node is at work. Times
 * come from a monotonic clock: a step of the wall clock must not end or prolong a run.
 */
export class Completion {
  readonly #quietMs: number;
  readonly #lostAfterMs: number;
  readonly #missing: Set<string>;
  readonly #targetsKnown: boolean;
  /** When each node at work was last heard from. */
  readonly #working = new Map<string, number>();
  /** Exited nodes stay exited: nothing that appears later belongs to this run. */
  readonly #exited = new Set<string>();
  #overdueAfterMs: number;
  /** When the job was announced, or a node last acknowledged it. */
  #lastProgress: number;
  #lastSign: number;
  #anyLost = false;
  #anyGivenUp = false;

  constructor(options: CompletionOptions) {
    this.#quietMs = options.quietMs;
    this.#lostAfterMs = Math.max(2 * options.quietMs, MISSED_HEARTBEATS * options.heartbeatMs);
    this.#overdueAfterMs = options.overdueAfterMs;
    this.#missing = new Set(options.targets);
    this.#targetsKnown = options.targets !== undefined && options.targets.length > 0;
    this.#lastProgress = options.now;
    this.#lastSign = options.now;
  }

  /** Whether a node was called lost, and can still be at work. */
  get anyLost(): boolean {
    return this.#anyLost;
  }

  /** Targets that have neither acknowledged nor been given up. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Whether every target has acknowledged or was given up. */
  get isSettled(): boolean {
    return this.#targetsKnown && this.#missing.size === 0;
  }

  /** An acknowledgment, output or a heartbeat: the node is at work. */
  heard(node: string, now: number): void {
    this.#lastSign = now;
    if (this.#exited.has(node)) return;
    if (this.#missing.delete(node) || !this.#targetsKnown) this.#lastProgress = now;
    this.#working.set(node, now);
  }

  exited(node: string, now: number): void {
    this.#lastSign = now;
    this.#exited.add(node);
    if (this.#missing.delete(node)) this.#lastProgress = now;
    this.#working.delete(node);
  }

  /** The job was announced again: the missing nodes have this long to acknowledge it. */
  announced(now: number, overdueAfterMs: number): void {
    this.#lastProgress = now;
    this.#overdueAfterMs = overdueAfterMs;
  }

  /** The run stops waiting for these nodes. */
  giveUp(nodes: Iterable<string>): void {
    for (const node of nodes) if (this.#missing.delete(node)) this.#anyGivenUp = true;
  }

  /** The servers could not be written to for so long: silence in that time does not count. */
  excuse(milliseconds: number, now: number): void {
    if (milliseconds <= 0) return; // the usual case, with thousands of nodes at work
    const shift = (at: number) => Math.min(now, at + milliseconds);
    this.#lastSign = shift(this.#lastSign);
    this.#lastProgress = shift(this.#lastProgress);
    for (const [node, at] of this.#working) this.#working.set(node, shift(at));
  }

  check(now: number): Verdict {
    const lost: string[] = [];
    let wakeAt = Infinity;
    for (const [node, at] of this.#working) {
      if (now - at >= this.#lostAfterMs) lost.push(node);
      else wakeAt = Math.min(wakeAt, at + this.#lostAfterMs);
    }
    for (const node of lost) this.#working.delete(node);
    if (lost.length > 0) this.#anyLost = true;
    const overdueAt = this.#lastProgress + this.#overdueAfterMs;
    const isOverdue = this.#missing.size > 0 && now >= overdueAt;
    const overdue = isOverdue ? [...this.#missing] : [];
    if (this.#missing.size > 0) wakeAt = Math.min(wakeAt, overdueAt);
    const { end, endAt } = this.#end(now);
    return { lost, overdue, end, wakeAt: Math.min(wakeAt, endAt) };
  }

  #end(now: number): { readonly end: Verdict['end']; readonly endAt: number } {
    if (this.#working.size > 0 || this.#missing.size > 0)
      return { end: undefined, endAt: Infinity };
    if (this.#targetsKnown) return { end: this.#anyGivenUp ? 'quiet' : 'complete', endAt: now };
    const quietAt = this.#lastSign + this.#quietMs;
    return { end: now >= quietAt ? 'quiet' : undefined, endAt: quietAt };
  }
}
