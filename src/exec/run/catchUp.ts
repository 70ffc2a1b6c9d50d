import type { Consul } from '../../consul/consul.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { sleep } from '../../base/sleep.ts';
import { payloadSize } from '../protocol/execEvent.ts';
import type { Job } from '../protocol/job.ts';
import { canRespond, exactFilters } from '../targeting/matchNodes.ts';
import { AttemptLog } from '../events/attemptLog.ts';
import { runJob, type ProtocolOptions } from './runJob.ts';
import type { RunEvent } from '../events/runEvent.ts';

/** The nodes of a datacenter, as fresh as can be. */
interface NodeWatch {
  readonly nodes: readonly CatalogNode[] | undefined;
}

export interface CatchUpRequest {
  readonly consul: Consul;
  readonly watch: NodeWatch;
  readonly job: Job;
  /** Names of nodes that are fenced from every earlier attempt, whose sessions are destroyed. */
  readonly nodes: readonly string[];
  /** How long to wait for them, in milliseconds. */
  readonly forMs: number;
  readonly options: ProtocolOptions;
}

/** How often to look for nodes that are back: that costs nothing, and the catalog is kept fresh. */
const POLL_MS = 500;
/** Nodes often come back together: one announcement for all of them costs less. */
const GATHER_MS = 300;
/**
 * A node whose agent is alive but does not respond is tried again, less and less often: it can have
 * been restarted so quickly that the catalog did not notice.
 */
const RETRY_MS = { min: 4000, max: 60_000 };

/** When a node was tried last since its agent came back, and how long to wait before the next try. */
interface LastTry {
  readonly at: number;
  readonly delayMs: number;
}

/**
 * Runs a job on nodes when their agents are back, each once, for a limited time. Every try is a run of
 * its own under new sessions; only a node that is fenced from it is waited for again. Yields the events
 * of one run: `attempted` for every try, and `finished` at the end.
 * @param signal stops waiting; a try that has begun is stopped as a run is
 */
export async function* catchUp(
  request: CatchUpRequest,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { forMs, nodes } = request;
  const until = performance.now() + forMs;
  const awaited = new Set(nodes);
  const tries = new Map<string, LastTry>();
  let allResponded = true;
  while (awaited.size > 0 && performance.now() < until && !signal?.aborted) {
    if (returned(request.watch, awaited, tries).length === 0) {
      await sleep(Math.min(until - performance.now(), POLL_MS), signal);
      continue;
    }
    await sleep(GATHER_MS, signal);
    const batch = returned(request.watch, awaited, tries);
    if (batch.length === 0 || signal?.aborted) continue;
    const { responded, fenced } = yield* tryNodes(request, batch, signal);
    for (const node of batch) {
      // A node that may have begun must not be told again.
      if (!fenced.has(node)) awaited.delete(node);
      if (!fenced.has(node) && !responded.has(node)) allResponded = false;
      noteTry(tries, node);
    }
  }
  const isStopped = signal?.aborted === true && awaited.size > 0;
  const isComplete = awaited.size === 0 && allResponded;
  const end = isStopped ? 'stopped' : isComplete ? 'complete' : 'quiet';
  yield { kind: 'finished', at: Date.now(), end };
}

/** What one try came to. A node in neither set may or may not have begun. */
interface TryResult {
  readonly responded: ReadonlySet<string>;
  readonly fenced: ReadonlySet<string>;
}

async function* tryNodes(
  { consul, job, options }: CatchUpRequest,
  nodes: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, TryResult> {
  const responded = new Set<string>();
  const log = new AttemptLog();
  let hasStarted = false;
  try {
    // By name alone: whatever else these filters reached could run the job twice.
    const announcements = await exactFilters(nodes, [], payloadSize(options.prefix));
    const run = runJob(consul, { job, announcements, targets: nodes, options }, signal);
    for await (const event of run) {
      log.apply(event);
      if (event.kind === 'finished') continue;
      if (event.kind === 'started') {
        const [{ session } = { session: '' }] = event.sessions;
        hasStarted = true;
        yield { kind: 'attempted', at: event.at, attempt: 1, session, nodes };
        continue;
      }
      if ('node' in event) responded.add(event.node);
      yield event;
    }
  } catch (error) {
    // Stopped before its job was written: nothing was announced.
    const isStopped = signal?.aborted === true && !hasStarted;
    if (!(error instanceof ConsulError) && !isStopped) throw error;
    if (error instanceof ConsulError) {
      yield { kind: 'warning', at: Date.now(), text: error.message };
    }
  }
  // Without a session and a job, no node can have begun.
  const fenced = hasStarted ? nodes.filter((node) => log.isFenced(node)) : nodes;
  return { responded, fenced: new Set(fenced) };
}

/** Awaited nodes whose agents are alive, and that were not tried since they came back. */
function returned(
  { nodes }: NodeWatch,
  awaited: ReadonlySet<string>,
  tries: Map<string, LastTry>,
): string[] {
  const now = performance.now();
  const back: string[] = [];
  for (const node of nodes ?? []) {
    if (!awaited.has(node.name)) continue;
    const last = tries.get(node.name);
    if (!canRespond(node)) tries.delete(node.name);
    else if (!last || now - last.at >= last.delayMs) back.push(node.name);
  }
  return back;
}

function noteTry(tries: Map<string, LastTry>, node: string): void {
  const before = tries.get(node)?.delayMs ?? RETRY_MS.min / 2;
  tries.set(node, { at: performance.now(), delayMs: Math.min(RETRY_MS.max, 2 * before) });
}
