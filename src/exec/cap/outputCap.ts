import { t } from '@vscode/l10n';
import { ConsulError, isRetryable, ServerError } from '../../consul/errors/consulErrors.ts';
import type { Consul } from '../../consul/consul.ts';
import { acquireKeys, findKey, MAX_GUARDED_KEYS } from '../../consul/kv.ts';
import type { Attempt, Attempts } from '../attempt/attempts.ts';
import type { SessionLease } from '../attempt/sessionLease.ts';
import type { RunEvent } from '../events/runEvent.ts';
import { chunkKey, FENCE_VALUE } from '../protocol/keys.ts';
import { CapPlan, type Move } from './capPlan.ts';
import type { OutputLimit } from './outputLimit.ts';

/** Who must know which keys of chunks are fences. */
interface ChunkFences {
  holdChunk(tree: string, node: string, sequence: number): void;
  freeChunk(tree: string, node: string, sequence: number): void;
}

/** What nodes write. */
type Noted =
  | { readonly kind: 'acknowledged' | 'heartbeat'; readonly node: string }
  | { readonly kind: 'output'; readonly node: string; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly node: string; readonly chunks: number }
  | { readonly kind: 'exited'; readonly node: string; readonly code: number };

/** A move that is being made. */
interface Placed {
  readonly move: Move;
  /** The number of the chunk to fence; grows while the node is faster. */
  to: number | undefined;
  tries: number;
}

/** What an agent writes as the exit code when it fails (PROTOCOL.md §2.4). */
const AGENT_FAILED = 255;
/** One key locked, and another checked and deleted. */
const OPERATIONS_PER_MOVE = 3;
const MAX_MOVES_AT_ONCE = Math.floor(MAX_GUARDED_KEYS / OPERATIONS_PER_MOVE);
/** Where a chunk was written before it could be fenced, the next try is this much farther. */
const LATE_CHUNKS = 16;
/** Doubles with each try: far more than any node writes in the time that the tries take. */
const MAX_TRIES = 14;
const RETRY_DELAY_MS = 500;
const MAX_FAILURES = 10;

/**
 * Ends the uploads of nodes that write too much: fences the chunk that reaches the limit, so that the
 * agent's write of it is refused (PROTOCOL.md §8.6). A run whose nodes stay far from the limit writes
 * nothing for it.
 */
export class OutputCap {
  readonly #consul: Consul;
  readonly #attempts: Attempts;
  readonly #limit: OutputLimit;
  readonly #fences: ChunkFences;
  readonly #plan: CapPlan;
  readonly #stopListening: () => void;
  #lease: SessionLease | undefined;
  #failures = 0;
  #retryAt = 0;
  #raised = new AbortController();

  /** @param session that held the fences before the window was reloaded */
  constructor(
    consul: Consul,
    attempts: Attempts,
    limit: OutputLimit,
    fences: ChunkFences,
    session?: string,
  ) {
    this.#consul = consul;
    this.#attempts = attempts;
    this.#limit = limit;
    this.#fences = fences;
    this.#plan = new CapPlan(limit);
    if (session !== undefined) this.#lease = attempts.adoptHelper(session);
    this.#stopListening = limit.onRaised(() => {
      this.#plan.raised();
      this.#raised.abort();
    });
  }

  /** Aborted when the limits change, so that the fences are moved at once. */
  get raised(): AbortSignal {
    return this.#raised.signal;
  }

  get isDue(): boolean {
    return this.#plan.isDue && performance.now() >= this.#retryAt;
  }

  dispose(): void {
    this.#stopListening();
  }

  /**
   * Takes note of what a node wrote.
   * @returns what it means instead, for the exit of a node whose output was cut: its agent writes 255 as
   * soon as a chunk is refused, whatever becomes of the job
   */
  note(change: Noted, now: number): RunEvent | undefined {
    const { node } = change;
    switch (change.kind) {
      case 'output':
        this.#plan.wrote(node, change.bytes.length, now);
        return undefined;
      case 'heartbeat':
        this.#plan.wrote(node, 0, now);
        return undefined;
      case 'gap':
        this.#plan.missed(node, change.chunks, now);
        return undefined;
      case 'acknowledged':
        this.#plan.began(node, now);
        return undefined;
      case 'exited': {
        const cut = change.code === AGENT_FAILED ? this.cut(node) : undefined;
        this.#plan.ended(node);
        return cut;
      }
    }
  }

  /** A listing shows what has been written, before it is read. */
  listed(lastChunks: Iterable<readonly [node: string, chunk: number]>): void {
    const now = performance.now();
    this.#plan.listed(now);
    for (const [node, chunk] of lastChunks) this.#plan.saw(node, chunk, now);
  }

  /** @returns the event for a node that has come to a fence; undefined for any other */
  cut(node: string): RunEvent | undefined {
    if (!this.#plan.isAtFence(node)) return undefined;
    return { kind: 'cut', at: Date.now(), node, bytes: this.#plan.bytesOf(node) };
  }

  /** A key of a chunk is held by another session than its agent's. */
  found(node: string, chunk: number, session: string): void {
    this.#plan.found(node, chunk, session === this.#lease?.session, performance.now());
  }

  /**
   * Places, moves and removes fences as it is due. Yields a session before it holds any, so that it is
   * found again after a reload.
   */
  async *enforce(signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    const wasRaised = this.#raised.signal.aborted;
    if (wasRaised) this.#raised = new AbortController();
    if (this.#lease?.gone.aborted) {
      this.#lease = undefined;
      this.#plan.lostFences();
    }
    const moves = this.#plan.moves(performance.now());
    const nodes = moves.filter(({ from }) => from === undefined).map(({ node }) => node);
    const batches = Array.from({ length: Math.ceil(moves.length / MAX_MOVES_AT_ONCE) }, (_, i) =>
      moves.slice(i * MAX_MOVES_AT_ONCE, (i + 1) * MAX_MOVES_AT_ONCE),
    );
    try {
      if (nodes.length > 0) this.#lease ??= await this.#attempts.openHelper(signal);
      const { limits } = this.#limit;
      const session = this.#lease?.session;
      if (nodes.length > 0 || wasRaised) {
        yield { kind: 'limited', at: Date.now(), session, nodes, ...limits };
      }
      for (;;) {
        const [batch] = batches;
        if (!batch || session === undefined) break;
        for (const [attempt, members] of this.#byAttempt(batch)) {
          await this.#place(attempt, members, session, signal);
        }
        batches.shift();
      }
      this.#failures = 0;
    } catch (error) {
      this.#plan.again();
      if (signal.aborted) return;
      if (!(error instanceof ConsulError)) throw error;
      yield* this.#failed(error);
      await this.#forgetLost(batches.flat(), signal);
    }
  }

  #byAttempt(moves: readonly Move[]): Map<Attempt, Placed[]> {
    const placed = moves.map((move) => ({ move, to: move.to, tries: 0 }));
    return Map.groupBy(placed, ({ move }) => this.#attempts.of(move.node));
  }

  /** Fences are an aid: if they can't be placed, the run continues without. */
  *#failed(error: ConsulError): Generator<RunEvent> {
    this.#failures++;
    const mayPass = isRetryable(error) || isConflict(error);
    const isHopeless = !mayPass || this.#failures >= MAX_FAILURES;
    this.#retryAt = isHopeless ? Infinity : performance.now() + RETRY_DELAY_MS;
    if (isHopeless) yield { kind: 'warning', at: Date.now(), text: notLimitedMessage(error) };
  }

  /**
   * A move whose answer got lost may have been made: then its old fence is gone, and asking for it again
   * would fail forever.
   */
  async #forgetLost(moves: readonly Move[], signal: AbortSignal): Promise<void> {
    const lease = this.#lease;
    if (!lease || !(await lease.renew())) return;
    for (const { node, from } of moves) {
      if (from === undefined) continue;
      const key = chunkKey(this.#attempts.of(node).tree, node, from) ?? '';
      try {
        const held = await findKey(this.#consul, key, signal);
        if (held?.session !== lease.session) this.#plan.lostFence(node);
      } catch {
        return; // the next failure looks again
      }
    }
  }

  /** Repeats with later chunks what nodes have written meanwhile. */
  async #place(
    attempt: Attempt,
    members: readonly Placed[],
    session: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { tree, jobKey, lease } = attempt;
    const keyOf = (node: string, chunk: number | undefined) =>
      chunk === undefined ? undefined : chunkKey(tree, node, chunk);
    let pending = members;
    while (pending.length > 0) {
      const byKey = new Map(
        pending.flatMap((each) => {
          const key = keyOf(each.move.node, each.to);
          return key === undefined ? [] : [[key, each] as const];
        }),
      );
      const instead = pending.flatMap(({ move }) => keyOf(move.node, move.from) ?? []);
      const guard = { key: jobKey, session: lease.session };
      const lock = { session, value: FENCE_VALUE, guard, instead };
      const refused = await acquireKeys(this.#consul, [...byKey.keys()], lock, signal);
      if (refused.length === 0) break;
      for (const key of refused) {
        const late = byKey.get(key);
        if (late?.to !== undefined) late.to += LATE_CHUNKS * 2 ** late.tries++;
      }
      pending = pending.filter(({ tries }) => tries < MAX_TRIES);
    }
    for (const { move, to } of pending) {
      if (to !== undefined) this.#fences.holdChunk(tree, move.node, to);
      if (move.from !== undefined) this.#fences.freeChunk(tree, move.node, move.from);
      this.#plan.moved({ ...move, to });
    }
  }
}

function notLimitedMessage(error: ConsulError): string {
  return t("Couldn't limit the output of nodes: {0}", error.message);
}

/** A transaction that was refused because a session does not hold what it held. */
function isConflict(error: ConsulError): boolean {
  return error instanceof ServerError && error.status === 409;
}
