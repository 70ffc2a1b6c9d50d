import type { PartEnding } from '../../exec/events/mergeRuns.ts';
import { splitNodeLabel } from '../../base/nodeLabel.ts';
import type { RunEnd, RunEvent } from '../../exec/events/runEvent.ts';
import { AttemptLog } from '../../exec/events/attemptLog.ts';
import type { OutputLimits } from '../../exec/cap/outputLimit.ts';
import { isOver, type NodeResult, type NodeStatus, statusOf } from './nodeStatus.ts';

/** An event about one node. */
type NodeEvent = Extract<RunEvent, { readonly node: string }>;

type Limited = Extract<RunEvent, { kind: 'limited' }>;

export type Counts = Readonly<Record<NodeStatus, number>>;

/**
 * The account of a run: which nodes were expected, and what became of each. A pure fold over the run's
 * events: the same events give the same ledger.
 */
export class Ledger {
  readonly #nodes = new Map<string, NodeResult>();
  readonly #counts: Record<NodeStatus, number> = {
    failed: 0,
    lost: 0,
    unknown: 0,
    noResponse: 0,
    running: 0,
    waiting: 0,
    ok: 0,
  };
  readonly #warnings: string[] = [];
  #attempts = new AttemptLog();
  readonly #limited: Limited[] = [];
  /** Whether nodes that do not respond are fenced. Runs of version 1 are not. */
  #fences = false;
  #startedAt: number | undefined;
  #finished: { at: number; end: RunEnd; reason?: string | undefined } | undefined;
  readonly #partEnds: PartEnding[] = [];
  #unexpected = 0;
  #incomplete = 0;
  #announced = 0;

  /** @returns the node that the event changed, if it is about a node */
  apply(event: RunEvent): NodeResult | undefined {
    this.#attempts.apply(event);
    if ('node' in event) return this.#applyToNode(event);
    this.#applyToRun(event);
    return undefined;
  }

  #applyToRun(event: Exclude<RunEvent, NodeEvent>): void {
    switch (event.kind) {
      case 'started':
        this.#startedAt = event.at;
        this.#fences = event.fences === true;
        for (const node of event.targets) this.#set(this.#fresh(node, event.at, false));
        return;
      case 'announced':
        if (event.attempt === undefined) this.#announced++;
        return;
      case 'attempted':
        for (const node of event.nodes) this.#announcedAgain(node);
        return;
      case 'reopened':
        this.#finished = undefined;
        for (const node of event.nodes) this.#await(node);
        return;
      case 'recovering':
        this.#finished = undefined;
        for (const node of event.nodes) this.#recover(node);
        return;
      case 'limited':
        this.#limited.push(event);
        return;
      case 'fenced':
      case 'kept':
        return;
      case 'warning':
        this.#warnings.push(event.text);
        return;
      case 'finished':
        this.#finished = { at: event.at, end: event.end, reason: event.reason };
        for (const result of this.#nodes.values()) this.#settle(result);
        return;
      case 'partFinished':
        this.#partEnds.push(event);
        for (const result of this.#nodes.values()) {
          if (splitNodeLabel(result.node).datacenter === event.datacenter) {
            this.#settle(result, event.end);
          }
        }
        return;
    }
  }

  #applyToNode(event: NodeEvent): NodeResult | undefined {
    switch (event.kind) {
      case 'gap': {
        const before = this.#node(event.node, event.at);
        const missingChunks = (before.missingChunks ?? 0) + event.chunks;
        return this.#set({ ...before, missingChunks });
      }
      case 'acknowledged':
        return this.#heard(event.node, event.at, 'acknowledged');
      case 'heartbeat':
        return this.#heard(event.node, event.at, 'running');
      case 'output':
        return this.#heard(event.node, event.at, 'running', event.bytes.length);
      case 'exited': {
        const { at, code, limitSeconds } = event;
        const before = this.#node(event.node, at);
        if (isOver(before)) return before;
        const limit = limitSeconds === undefined ? {} : { limitSeconds };
        return this.#set({
          ...before,
          ...limit,
          state: 'exited',
          code,
          lastSign: at,
          exitedAt: at,
        });
      }
      case 'recovered':
        return this.#set({ ...this.#node(event.node, event.at), recovery: event.result });
      case 'ended':
        return this.#end(event);
      case 'lost': {
        const before = this.#node(event.node, event.at);
        return isOver(before) ? before : this.#set({ ...before, state: 'lost' });
      }
      case 'cut': {
        const { at } = event;
        const before = this.#node(event.node, at);
        return isOver(before) ? before : this.#set({ ...before, state: 'cut', lastSign: at });
      }
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
    copy.#incomplete = this.#incomplete;
    copy.#announced = this.#announced;
    copy.#attempts = this.#attempts.copy();
    copy.#limited.push(...this.#limited);
    copy.#fences = this.#fences;
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

  /** How many nodes have each status. */
  get counts(): Counts {
    return this.#counts;
  }

  /** How many nodes responded without being targets. */
  get unexpected(): number {
    return this.#unexpected;
  }

  /** How many events of the first attempt have been sent. */
  get announced(): number {
    return this.#announced;
  }

  /** The run's further sessions, and the nodes that each was for. */
  get attempts(): AttemptLog {
    return this.#attempts;
  }

  /** The limits of its output, where nodes came near them or they were changed. */
  get outputLimits(): OutputLimits | undefined {
    return this.#limited.at(-1);
  }

  /** The session that fences output in a datacenter; undefined if none does. */
  capSession(datacenter: string): string | undefined {
    const isThere = (event: Limited) => (event.datacenter ?? datacenter) === datacenter;
    return this.#limited.findLast((event) => event.session !== undefined && isThere(event))
      ?.session;
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

  /** Why the run ended; undefined while it is running. */
  get end(): RunEnd | undefined {
    return this.#finished?.end;
  }

  /** In a run over several datacenters: how those ended that are finished. */
  get partEnds(): readonly PartEnding[] {
    return this.#partEnds;
  }

  /** What went wrong, if something did. */
  get reason(): string | undefined {
    return this.#finished?.reason;
  }

  /**
   * Success means that every target exited 0 and all of its output was read. A run on no nodes is not a
   * success.
   */
  get succeeded(): boolean {
    const { ok } = this.#counts;
    return (
      this.#finished !== undefined && ok > 0 && ok === this.#nodes.size && this.#incomplete === 0
    );
  }

  /** How many nodes have output that was deleted before it was read. */
  get incomplete(): number {
    return this.#incomplete;
  }

  #await(node: string): void {
    const result = this.#nodes.get(node);
    if (result?.state !== 'noResponse') return;
    const { since, unexpected, attempts } = result;
    const again = attempts === undefined ? {} : { attempts };
    this.#set({ ...this.#fresh(node, since, unexpected), ...again, awaited: true });
  }

  /** The node is at work again, also if its agent failed and reported an exit code for that. */
  #recover(node: string): void {
    const result = this.#nodes.get(node);
    if (!result) return;
    const { node: name, unexpected, since, bytes, lastSign, missingChunks, attempts } = result;
    this.#set({
      node: name,
      state: 'running',
      unexpected,
      since,
      bytes,
      ...(lastSign !== undefined && { lastSign }),
      ...(missingChunks !== undefined && { missingChunks }),
      ...(attempts !== undefined && { attempts }),
    });
  }

  #announcedAgain(node: string): void {
    const result = this.#nodes.get(node);
    if (result) this.#set({ ...result, attempts: this.#attempts.attemptsOf(node) });
  }

  #heard(
    node: string,
    at: number,
    state: 'acknowledged' | 'running',
    bytes = 0,
  ): NodeResult | undefined {
    const before = this.#node(node, at);
    if (isOver(before)) return before;
    return this.#set({ ...before, state, lastSign: at, bytes: before.bytes + bytes });
  }

  /** The run or its part is over: a node that did not exit did not respond, is unknown or is lost. */
  #settle(result: NodeResult, partEnd?: RunEnd): void {
    const { state } = result;
    if (isOver(result) || state === 'noResponse' || state === 'unknown') return;
    const end = partEnd === undefined ? {} : { end: partEnd };
    const settled =
      state === 'expected' ? this.#silence(result.node, partEnd ?? this.#finished?.end) : 'lost';
    this.#set({ ...result, ...end, state: settled });
  }

  #silence(node: string, end: RunEnd | undefined): 'noResponse' | 'unknown' {
    if (this.#attempts.isFenced(node)) return 'noResponse';
    // Version 1 had no fences, and waited for responses unless it lost contact with Consul.
    const hasWaited = !this.#fences && end !== 'sessionLost' && end !== 'unreachable';
    return hasWaited ? 'noResponse' : 'unknown';
  }

  /** That a job was ended stays true when it is not found later. */
  #end(event: Extract<RunEvent, { kind: 'ended' }>): NodeResult | undefined {
    const { node, at, outcome, signal, loose } = event;
    const before = this.#nodes.get(node);
    if (!before || before.ending?.outcome === 'ended') return before;
    return this.#set({ ...before, ending: { at, outcome, signal, loose } });
  }

  #node(node: string, at: number): NodeResult {
    return this.#nodes.get(node) ?? this.#fresh(node, this.#startedAt ?? at, true);
  }

  #fresh(node: string, since: number, unexpected: boolean): NodeResult {
    return { node, state: 'expected', unexpected, since, bytes: 0 };
  }

  #set(result: NodeResult): NodeResult {
    const before = this.#nodes.get(result.node);
    if (before) this.#counts[statusOf(before)]--;
    else if (result.unexpected) this.#unexpected++;
    if (result.missingChunks && !before?.missingChunks) this.#incomplete++;
    this.#counts[statusOf(result)]++;
    this.#nodes.set(result.node, result);
    return result;
  }
}
