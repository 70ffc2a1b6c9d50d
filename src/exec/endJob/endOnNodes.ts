import { randomBytes } from 'node:crypto';
import type { Consul } from '../../consul/consul.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { mergeSequences } from '../../base/mergeSequences.ts';
import { overdueAfterMs } from '../attempt/overdue.ts';
import { MAX_ATTEMPTS } from '../protocol/attemptLimits.ts';
import { payloadSize } from '../protocol/execEvent.ts';
import type { Job } from '../protocol/job.ts';
import { AttemptLog } from '../events/attemptLog.ts';
import type { EndFailure } from '../events/runEvent.ts';
import { type ProtocolOptions, runJob } from '../run/runJob.ts';
import { exactFilters } from '../targeting/matchNodes.ts';
import { type BeginTimes, endJob } from './endJob.ts';
import { type EndReport, parseEndReport } from './endReport.ts';

/** What to end in one datacenter. */
export interface EndRequest {
  /** The id of the run. */
  readonly runId: string;
  readonly job: Job;
  /** When each node began the job, by its name. */
  readonly nodes: ReadonlyMap<string, BeginTimes>;
  readonly options: Omit<ProtocolOptions, 'quietMs'>;
  /** Whether to end all jobs that can be the one, where they can't be told apart. */
  readonly all?: boolean;
}

/** What came of it on one node. */
export interface NodeEnding {
  readonly node: string;
  /** Absent if the node did not report. */
  readonly report?: EndReport;
  /** Why it did not. */
  readonly failure?: EndFailure;
  /** What went wrong, if the request was not sent. */
  readonly reason?: string;
}

/** A short wait: what a node does late can't be told from another run any more. */
const QUIET_MS = 1500;
/** From the creation of the request to its first announcement. */
const START_MS = 1500;
/** More output than this is no report. */
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * Ends the job of a run on exactly these nodes, and yields what came of it on each, once. It is a job
 * itself, with sessions of its own that are closed on every way out.
 * @param signal keeps nodes that have not begun from ending the job
 */
export async function* endOnNodes(
  consul: Consul,
  request: EndRequest,
  signal?: AbortSignal,
): AsyncGenerator<NodeEnding, void> {
  // Nodes that began the job at different attempts need different ages.
  const groups = [...Map.groupBy(request.nodes, ([, { earliest }]) => earliest).values()].map(
    (members) => {
      const nodes = members.map(([node]) => node);
      const latest = Math.max(...members.map(([, began]) => began.latest));
      const earliest = members[0]?.[1].earliest ?? latest;
      const began = { earliest, latest };
      return { nodes, endings: endGroup(consul, request, nodes, began, signal) };
    },
  );
  for await (const { source, result } of mergeSequences(groups, ({ endings }) => endings)) {
    if (!result.failed) {
      yield result.value;
    } else if (result.error instanceof ConsulError) {
      // Nothing of this group was sent.
      const { message: reason } = result.error;
      for (const node of source.nodes) yield { node, failure: 'noResponse', reason };
    } else {
      throw result.error;
    }
  }
}

async function* endGroup(
  consul: Consul,
  { runId, job, options, all }: EndRequest,
  nodes: readonly string[],
  began: BeginTimes,
  signal: AbortSignal | undefined,
): AsyncGenerator<NodeEnding, void> {
  const nonce = randomBytes(16).toString('hex');
  const announcements = await exactFilters(nodes, [], payloadSize(options.prefix));
  const delayMs = START_MS + MAX_ATTEMPTS * overdueAfterMs(nodes.length, QUIET_MS);
  const end = endJob({ runId, job, began }, { nonce, now: Date.now(), delayMs, all: all === true });
  const outputs = new NodeOutputs();
  const begun = new Set<string>();
  const attempts = new AttemptLog();
  const open = new Set(nodes);
  const run = runJob(
    consul,
    { job: end, announcements, targets: nodes, options: { ...options, quietMs: QUIET_MS } },
    signal,
  );
  for await (const event of run) {
    attempts.apply(event);
    if (event.kind === 'acknowledged') begun.add(event.node);
    else if (event.kind === 'output') outputs.append(event.node, event.bytes);
    else if (event.kind === 'exited' && open.delete(event.node)) {
      const report = parseEndReport(outputs.of(event.node), nonce);
      yield report ? { node: event.node, report } : { node: event.node, failure: 'noReport' };
    }
  }
  for (const node of open) {
    const report = parseEndReport(outputs.of(node), nonce);
    if (report) yield { node, report };
    else if (begun.has(node)) yield { node, failure: 'noReport' };
    else yield { node, failure: attempts.isFenced(node) ? 'noResponse' : 'notKnown' };
  }
}

/** The beginning of what each node wrote. */
class NodeOutputs {
  readonly #chunks = new Map<string, Uint8Array[]>();
  readonly #sizes = new Map<string, number>();

  append(node: string, bytes: Uint8Array): void {
    const size = (this.#sizes.get(node) ?? 0) + bytes.length;
    if (size > MAX_OUTPUT_BYTES) return;
    this.#sizes.set(node, size);
    const chunks = this.#chunks.get(node) ?? [];
    this.#chunks.set(node, chunks);
    chunks.push(bytes);
  }

  of(node: string): Uint8Array {
    return Buffer.concat(this.#chunks.get(node) ?? []);
  }
}
