import type { RunEvent } from '../exec/runEvent.ts';
import type { Run } from './run.ts';

/**
 * After a reload a run is collected again from its very first key, since Consul still has them all.
 * This passes on only what the run does not know yet. What a node wrote never changes, so what is
 * known of its output is the beginning of what is read again.
 */
export class Resumption {
  readonly #run: Run;
  /** Bytes of each node's output that are still to be skipped. */
  readonly #known = new Map<string, number>();

  constructor(run: Run) {
    this.#run = run;
    for (const { node } of run.ledger.nodes) this.#known.set(node, run.output.size(node));
  }

  /** @returns the event, or what is new of it, to be applied to the run; undefined if nothing is */
  news(event: RunEvent): RunEvent | undefined {
    switch (event.kind) {
      case 'started':
      case 'announced':
        return this.#run.ledger.startedAt === undefined ? event : undefined;
      case 'acknowledged':
        return this.#state(event.node) === 'expected' ? event : undefined;
      case 'heartbeat':
      case 'exited':
        return this.#state(event.node) === 'exited' ? undefined : event;
      case 'output':
        return this.#newOutput(event);
      case 'lost':
      case 'warning':
      case 'partFinished':
      case 'finished':
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

  #state(node: string) {
    return this.#run.ledger.get(node)?.state ?? 'expected';
  }
}
