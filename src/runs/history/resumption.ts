import type { RunEvent } from '../../exec/events/runEvent.ts';
import { isOver } from '../model/nodeStatus.ts';
import type { Run } from '../run.ts';

/**
 * After a reload a run is collected again from its very first key, since Consul still has them all.
 * This passes on only events that the run does not know yet. A node's output never changes, so the
 * known output is the beginning of the output that is read again.
 */
export class Resumption {
  readonly #run: Run;
  /** Bytes of each node's output that must still be skipped. */
  readonly #known = new Map<string, number>();

  constructor(run: Run) {
    this.#run = run;
    for (const { node } of run.ledger.nodes) this.#known.set(node, run.output.size(node));
  }

  /** @returns the event, or its new part, to be applied to the run; undefined if nothing is new */
  newPart(event: RunEvent): RunEvent | undefined {
    switch (event.kind) {
      case 'started':
      case 'announced':
        return this.#run.ledger.startedAt === undefined || isLater(event) ? event : undefined;
      case 'acknowledged':
        return this.#state(event.node) === 'expected' ? event : undefined;
      case 'heartbeat':
      case 'exited':
      case 'cut':
        return this.#isOver(event.node) ? undefined : event;
      case 'output':
        return this.#newOutput(event);
      case 'gap':
        return this.#isMissingKnown(event.node) ? undefined : event;
      default:
        // These happen in this window, or are read from Consul only once.
        return event;
    }
  }

  #newOutput(event: Extract<RunEvent, { kind: 'output' }>): RunEvent | undefined {
    const known = this.#known.get(event.node) ?? 0;
    if (known === 0) return event;
    const { length } = event.bytes;
    this.#known.set(event.node, Math.max(0, known - length));
    return length <= known ? undefined : { ...event, bytes: event.bytes.subarray(known) };
  }

  /** Whether the gap was recorded before: output after it is known. */
  #isMissingKnown(node: string): boolean {
    return (this.#known.get(node) ?? 0) > 0;
  }

  #isOver(node: string): boolean {
    const result = this.#run.ledger.get(node);
    return result !== undefined && isOver(result);
  }

  #state(node: string) {
    return this.#run.ledger.get(node)?.state ?? 'expected';
  }
}

/** Events of attempts that were made after the reload. */
function isLater(event: RunEvent): boolean {
  return event.kind === 'announced' && event.attempt !== undefined;
}
