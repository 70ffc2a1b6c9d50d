import type { RunEnd } from './runEvent.ts';

export interface CompletionOptions {
  /** Who is expected; undefined when that is not known, as for the CLI. */
  readonly targets: readonly string[] | undefined;
  /** How long nothing may be heard before whoever has not acknowledged is given up. */
  readonly quietMs: number;
  /** How long a node at work may write nothing before it counts as lost. */
  readonly lostAfterMs: number;
  readonly now: number;
}

export interface Verdict {
  /** Nodes that are to be called lost now. */
  readonly lost: readonly string[];
  readonly end: Extract<RunEnd, 'complete' | 'quiet'> | undefined;
  /** When to ask again at the latest, if nothing is heard. */
  readonly wakeAt: number;
}

/**
 * Decides when a run is over, from who was heard when. It ends at once when every target has exited
 * and nobody else is at work. Otherwise it waits for those at work until they exit or are lost, and
 * for those who never acknowledged until it has been quiet.
 */
export class Completion {
  readonly #quietMs: number;
  readonly #lostAfterMs: number;
  readonly #missing: Set<string>;
  readonly #targetsKnown: boolean;
  /** Nodes at work, by when they were last heard. */
  readonly #working = new Map<string, number>();
  /** Whoever has exited stays so: what a node writes after that is of a second run of the event. */
  readonly #through = new Set<string>();
  #lastSign: number;
  #anyLost = false;

  constructor({ targets, quietMs, lostAfterMs, now }: CompletionOptions) {
    this.#quietMs = quietMs;
    this.#lostAfterMs = lostAfterMs;
    this.#missing = new Set(targets);
    this.#targetsKnown = targets !== undefined && targets.length > 0;
    this.#lastSign = now;
  }

  /** Whether a node was called lost, and may be at work still. */
  get anyLost(): boolean {
    return this.#anyLost;
  }

  /** An acknowledgement, output or a heartbeat: the node is at work. */
  heard(node: string, now: number): void {
    this.#lastSign = now;
    if (this.#through.has(node)) return;
    this.#missing.delete(node);
    this.#working.set(node, now);
  }

  exited(node: string, now: number): void {
    this.#lastSign = now;
    this.#through.add(node);
    this.#missing.delete(node);
    this.#working.delete(node);
  }

  /** We could not listen for so long: nobody's silence in that time counts. */
  excuse(milliseconds: number, now: number): void {
    const shift = (at: number) => Math.min(now, at + milliseconds);
    this.#lastSign = shift(this.#lastSign);
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
    if (this.#working.size > 0) return { lost, end: undefined, wakeAt };
    if (this.#missing.size === 0 && this.#targetsKnown)
      return { lost, end: 'complete', wakeAt: now };
    const quietAt = this.#lastSign + this.#quietMs;
    return { lost, end: now >= quietAt ? 'quiet' : undefined, wakeAt: quietAt };
  }
}
