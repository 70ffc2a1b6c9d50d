import type { PartEnding } from '../exec/mergeRuns.ts';
import { splitNodeLabel } from '../exec/nodeLabel.ts';
import type { RunEnd, RunEvent } from '../exec/runEvent.ts';
import { type NodeResult, type Standing, standingOf } from './nodeResult.ts';

export type Counts = Readonly<Record<Standing, number>>;

/**
 * The account of a run: who was expected, and what became of each. A pure fold over the run's
 * events: the same events give the same ledger.
 */
export class Ledger {
  readonly #nodes = new Map<string, NodeResult>();
  readonly #counts = { failed: 0, lost: 0, silent: 0, running: 0, waiting: 0, ok: 0 };
  readonly #warnings: string[] = [];
  #startedAt: number | undefined;
  #finished: { at: number; end: RunEnd; reason?: string | undefined } | undefined;
  readonly #partEnds: PartEnding[] = [];
  #unexpected = 0;
  #announced = 0;

  /** @returns the node the event changed, if it was about one */
  apply(event: RunEvent): NodeResult | undefined {
    switch (event.kind) {
      case 'started':
        this.#startedAt = event.at;
        for (const node of event.targets) this.#set(this.#fresh(node, event.at, false));
        return undefined;
      case 'announced':
        this.#announced++;
        return undefined;
      case 'acknowledged':
        return this.#heard(event.node, event.at, 'acknowledged');
      case 'heartbeat':
        return this.#heard(event.node, event.at, 'running');
      case 'output':
        return this.#heard(event.node, event.at, 'running', event.bytes.length);
      case 'exited': {
        const { at, code } = event;
        const before = this.#node(event.node, at);
        if (before.state === 'exited') return before;
        return this.#set({ ...before, state: 'exited', code, lastSign: at, exitedAt: at });
      }
      case 'lost': {
        const before = this.#node(event.node, event.at);
        return before.state === 'exited' ? before : this.#set({ ...before, state: 'lost' });
      }
      case 'warning':
        this.#warnings.push(event.text);
        return undefined;
      case 'finished':
        this.#finished = { at: event.at, end: event.end, reason: event.reason };
        for (const result of this.#nodes.values()) this.#settle(result);
        return undefined;
      case 'partFinished':
        this.#partEnds.push(event);
        for (const result of this.#nodes.values()) {
          if (splitNodeLabel(result.node).datacenter === event.datacenter) {
            this.#settle(result, event.end);
          }
        }
        return undefined;
    }
  }

  /** The account as it is at this moment: it does not follow the run. */
  copy(): Ledger {
    const copy = new Ledger();
    for (const [node, result] of this.#nodes) copy.#nodes.set(node, result);
    Object.assign(copy.#counts, this.#counts);
    copy.#warnings.push(...this.#warnings);
    copy.#partEnds.push(...this.#partEnds);
    copy.#startedAt = this.#startedAt;
    copy.#finished = this.#finished;
    copy.#unexpected = this.#unexpected;
    copy.#announced = this.#announced;
    return copy;
  }

  get(node: string): NodeResult | undefined {
    return this.#nodes.get(node);
  }

  /** Every node, targets first, each group in the order it became known. */
  get nodes(): Iterable<NodeResult> {
    return this.#nodes.values();
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** How many nodes stand where. */
  get counts(): Counts {
    return this.#counts;
  }

  /** How many nodes answered without being targets. */
  get unexpected(): number {
    return this.#unexpected;
  }

  /** How many of the run's events have gone out. */
  get announced(): number {
    return this.#announced;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  get finishedAt(): number | undefined {
    return this.#finished?.at;
  }

  /** Why the run ended; undefined while it goes on. */
  get end(): RunEnd | undefined {
    return this.#finished?.end;
  }

  /** Of a run over several datacenters, how those ended that are through. */
  get partEnds(): readonly PartEnding[] {
    return this.#partEnds;
  }

  /** What went wrong, if it ended in trouble. */
  get reason(): string | undefined {
    return this.#finished?.reason;
  }

  /** Success is every target having exited 0, and never that nobody answered. */
  get succeeded(): boolean {
    const { ok } = this.#counts;
    return this.#finished !== undefined && ok > 0 && ok === this.#nodes.size;
  }

  #heard(
    node: string,
    at: number,
    state: 'acknowledged' | 'running',
    bytes = 0,
  ): NodeResult | undefined {
    const before = this.#node(node, at);
    if (before.state === 'exited') return before;
    return this.#set({ ...before, state, lastSign: at, bytes: before.bytes + bytes });
  }

  /** With the run or its part over, nobody is waited for: whoever did not exit is silent or lost. */
  #settle(result: NodeResult, partEnd?: RunEnd): void {
    const { state } = result;
    if (state === 'exited' || state === 'silent') return;
    const end = partEnd === undefined ? {} : { end: partEnd };
    this.#set({ ...result, ...end, state: state === 'expected' ? 'silent' : 'lost' });
  }

  #node(node: string, at: number): NodeResult {
    return this.#nodes.get(node) ?? this.#fresh(node, this.#startedAt ?? at, true);
  }

  #fresh(node: string, since: number, unexpected: boolean): NodeResult {
    return { node, state: 'expected', unexpected, since, bytes: 0 };
  }

  #set(result: NodeResult): NodeResult {
    const before = this.#nodes.get(result.node);
    if (before) this.#counts[standingOf(before)]--;
    else if (result.unexpected) this.#unexpected++;
    this.#counts[standingOf(result)]++;
    this.#nodes.set(result.node, result);
    return result;
  }
}
