import type { Filters } from '../exec/filters.ts';
import type { Job } from '../exec/job.ts';
import type { RunEvent } from '../exec/runEvent.ts';
import { Ledger } from './ledger.ts';
import type { NodeResult } from './nodeResult.ts';
import { OutputStore } from './outputStore.ts';

/** What is fixed about a run from its beginning. */
export interface RunInfo {
  /** Ours, a UUID; the Consul session is another. */
  readonly id: string;
  readonly job: Job;
  /** What to call it; the job's first telling line unless the user renamed it. */
  readonly title: string;
  /** One event each; disjoint. */
  readonly announcements: readonly Filters[];
  /** Node names. */
  readonly targets: readonly string[];
  /** What was chosen, in words: `service web · tag primary`. */
  readonly choice: string;
  readonly datacenter: string;
  /** The connection's name, or its address when it has none. */
  readonly connection: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** One job sent to targets, with everything that came back. */
export class Run {
  readonly info: RunInfo;
  readonly ledger = new Ledger();
  readonly output = new OutputStore();

  constructor(info: RunInfo) {
    this.info = info;
  }

  /** @returns the node the event changed, if it was about one */
  apply(event: RunEvent): NodeResult | undefined {
    if (event.kind === 'output') this.output.append(event.node, event.bytes);
    return this.ledger.apply(event);
  }
}
