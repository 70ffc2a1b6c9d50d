import { randomUUID } from 'node:crypto';
import type { Consul } from '../../consul/consul.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { RecoveryResult, RunEvent } from '../events/runEvent.ts';
import { payloadSize } from '../protocol/execEvent.ts';
import { runJob, type ProtocolOptions } from '../run/runJob.ts';
import { exactFilters } from '../targeting/matchNodes.ts';
import { FetchFrames, type Kept } from './fetchFrames.ts';
import { fetchText, KEPT_BYTES } from './nodeScripts.ts';

/** What a run has of a node whose results it doesn't have in full. */
export interface Incomplete {
  /** Bytes of output. */
  readonly bytes: number;
  /** Whether some are missing in the middle. Then no more output is fetched. */
  readonly hasGap: boolean;
  /** The exit code that its agent reported, if any. */
  readonly code?: number | undefined;
}

export interface RecoverRequest {
  readonly consul: Consul;
  /** Of the guarded run. */
  readonly runId: string;
  /** By the names of the nodes. */
  readonly nodes: ReadonlyMap<string, Incomplete>;
  readonly options: ProtocolOptions;
}

/** A node whose own upload fails again is asked again for the rest. */
const MAX_ROUNDS = 4;
/** Nodes whose missing output begins within so many bytes are asked by one job. */
const SHARED_BYTES = 256 * 1024;

/**
 * Fetches what a guarded run left on its nodes, by jobs that only read, and yields it as events of that
 * run: output from the first byte that it doesn't have, and how the job ended. Waits for jobs that
 * still run. Each node has an event `recovered`.
 */
export async function* recoverNodes(
  request: RecoverRequest,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const recoveries = new Map(
    [...request.nodes].map(([node, has]) => [node, new NodeRecovery(node, has)]),
  );
  const open = () => [...recoveries.values()].filter(({ isOver }) => !isOver);
  for (let round = 0; round < MAX_ROUNDS && open().length > 0 && !signal?.aborted; round++) {
    const groups = Map.groupBy(open(), ({ position }) => Math.floor(position / SHARED_BYTES));
    try {
      for (const members of groups.values()) yield* fetchFrom(request, members, signal);
    } catch (error) {
      // Stopped before the job was announced.
      if (signal?.aborted) break;
      if (!(error instanceof ConsulError)) throw error;
      yield { kind: 'warning', at: Date.now(), text: error.message };
      break;
    }
  }
  for (const recovery of recoveries.values()) yield* recovery.conclude();
}

async function* fetchFrom(
  { consul, runId, options }: RecoverRequest,
  members: readonly NodeRecovery[],
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const nonce = randomUUID();
  const from = Math.min(...members.map(({ position }) => position));
  const byNode = new Map(members.map((member) => [member.node, member]));
  for (const member of members) member.expect(nonce, from);
  const targets = [...byNode.keys()];
  const job = { kind: 'script', text: fetchText({ runId, nonce, from }) } as const;
  const announcements = await exactFilters(targets, [], payloadSize(options.prefix));
  const events = runJob(consul, { job, announcements, targets, options }, signal);
  for await (const event of events) {
    if ('node' in event) yield* byNode.get(event.node)?.take(event) ?? [];
  }
}

/** How far the results of one node are recovered. */
class NodeRecovery {
  readonly node: string;
  readonly #has: Incomplete;
  #frames: FetchFrames | undefined;
  /** The number of the next byte of output that comes. */
  #next = 0;
  /** The number of the first byte of output that the run doesn't have. */
  #position: number;
  #result: RecoveryResult = 'noResponse';
  #isOver = false;

  constructor(node: string, has: Incomplete) {
    this.node = node;
    this.#has = has;
    this.#position = has.hasGap ? KEPT_BYTES : has.bytes;
  }

  get position(): number {
    return this.#position;
  }

  /** Whether there is nothing more to fetch. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A script with this nonce was sent, which writes the output from a byte that the run can have. */
  expect(nonce: string, from: number): void {
    this.#frames = new FetchFrames(nonce);
    this.#next = from;
  }

  /** @returns events of the run that is recovered */
  *take(event: Extract<RunEvent, { readonly node: string }>): Generator<RunEvent> {
    if (event.kind === 'heartbeat') yield event;
    else if (event.kind === 'gap') this.#frames?.breakOff();
    else if (event.kind === 'output') {
      for (const kept of this.#frames?.push(event.bytes) ?? []) yield* this.#read(kept, event.at);
    }
  }

  /** Says what became of the node, if it has not been said. */
  *conclude(): Generator<RunEvent> {
    const result = this.#result;
    if (result === 'all' || result === 'cut') return;
    const at = Date.now();
    const { node } = this;
    const { code } = this.#has;
    yield { kind: 'recovered', at, node, result };
    if (code === undefined) yield { kind: 'lost', at, node };
    else yield { kind: 'exited', at, node, code };
  }

  *#read(kept: Kept, at: number): Generator<RunEvent> {
    const { node } = this;
    switch (kept.kind) {
      case 'running':
        this.#result = 'running';
        yield { kind: 'heartbeat', at, node };
        return;
      case 'output': {
        const known = Math.max(0, this.#position - this.#next);
        this.#next += kept.bytes.length;
        if (known >= kept.bytes.length) return;
        this.#position = this.#next;
        yield { kind: 'output', at, node, bytes: kept.bytes.subarray(known) };
        return;
      }
      case 'ended': {
        const { code, limitSeconds, size } = kept;
        const isCut = !this.#has.hasGap && (size >= KEPT_BYTES || size < this.#has.bytes);
        this.#over(isCut ? 'cut' : 'all');
        if (isCut) yield { kind: 'gap', at, node, chunks: 1 };
        yield { kind: 'recovered', at, node, result: this.#result };
        yield {
          kind: 'exited',
          at,
          node,
          code,
          ...(limitSeconds !== undefined && { limitSeconds }),
        };
        return;
      }
      case 'gone':
        this.#over('gone');
        return;
      case 'nothing':
        this.#over('nothing');
        return;
    }
  }

  #over(result: RecoveryResult): void {
    this.#result = result;
    this.#isOver = true;
  }
}
