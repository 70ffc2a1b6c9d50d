import { mergeSequences } from '../../base/mergeSequences.ts';
import { nodeLabel } from '../../base/nodeLabel.ts';
import type { RunEnd, RunEvent } from '../events/runEvent.ts';
import { recoverNodes, type RecoverRequest } from './recoverNodes.ts';

/** The nodes of one datacenter whose results a guarded run doesn't have in full. */
export interface RecoveryPart {
  readonly datacenter: string;
  readonly request: RecoverRequest;
}

/**
 * Fetches missing results in all datacenters at once.
 * @param isInSeveral whether the run's nodes are named `name@datacenter`
 */
export async function* recoverResults(
  parts: readonly RecoveryPart[],
  isInSeveral: boolean,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const label = (node: string, datacenter: string) =>
    isInSeveral ? nodeLabel(node, datacenter) : node;
  const nodes = parts.flatMap(({ datacenter, request }) =>
    [...request.nodes.keys()].map((node) => label(node, datacenter)),
  );
  yield { kind: 'recovering', at: Date.now(), nodes };
  const leaving = new AbortController();
  const either = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  const runs = parts.map(({ datacenter, request }) => ({
    datacenter,
    events: recoverNodes(request, either),
  }));
  try {
    for await (const { source, result } of mergeSequences(runs, ({ events }) => events)) {
      if (result.failed) throw result.error;
      const event = result.value;
      yield 'node' in event ? { ...event, node: label(event.node, source.datacenter) } : event;
    }
  } finally {
    leaving.abort();
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

/** A run that the user stopped is left alone, and without Consul nothing can be fetched. */
const RECOVERED_ENDS: ReadonlySet<RunEnd> = new Set(['complete', 'quiet', 'sessionLost']);

/**
 * Fetches missing results at the end of a guarded run, before it is finished.
 * @param missing the nodes that have lost results by then; must follow the events
 */
export async function* recoverAtEnd(
  events: AsyncIterable<RunEvent>,
  missing: () => readonly RecoveryPart[],
  isInSeveral: boolean,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  for await (const event of events) {
    if (event.kind !== 'finished' || !RECOVERED_ENDS.has(event.end) || signal?.aborted === true) {
      yield event;
      continue;
    }
    const parts = missing();
    if (parts.length === 0) {
      yield event;
      continue;
    }
    yield* recoverResults(parts, isInSeveral, signal);
    const isWhole = event.end === 'sessionLost' && missing().length === 0;
    yield isWhole
      ? { kind: 'finished', at: Date.now(), end: 'complete' }
      : { ...event, at: Date.now() };
  }
}
