import type { Filters } from '../exec/filters.ts';
import type { Job } from '../exec/job.ts';
import type { RunEvent } from '../exec/runEvent.ts';
import { splitNodeLabel } from '../exec/nodeLabel.ts';
import { Groupings } from './groupings.ts';
import type { ServiceNodes } from './groups.ts';
import type { Journal } from './journal.ts';
import type { Frame } from './journalFormat.ts';
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
  /** Which of them went to which datacenter; not kept on disk. */
  readonly announcementsIn?: Readonly<Record<string, readonly Filters[]>> | undefined;
  /** Node names. */
  readonly targets: readonly string[];
  /** What was chosen, in words: `service web · tag primary`. */
  readonly choice: string;
  /** Where it ran: one datacenter, or several parted by `, `. */
  readonly datacenter: string;
  /** The connection's name, or its address when it has none. */
  readonly connection: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Which of the targets have which service, when that was known. */
  readonly services?: ServiceNodes | undefined;
}

/** Where Consul keeps a run: enough to find it again after a reload. */
export interface RunSession {
  /** The id of the Consul session. */
  readonly session: string;
  readonly prefix: string;
  readonly heartbeatMs: number;
}

export interface RunOptions {
  /** Where everything that happens is recorded; without one the run lives as long as the window. */
  readonly journal?: Journal | undefined;
  /** Without a journal: makes one for output that is too much to be held in memory. */
  readonly spill?: (() => Journal) | undefined;
  /** Bytes of output that stay in memory although they are in the journal. */
  readonly memoryLimit?: number | undefined;
}

/** The datacenters of a run; with more than one, its nodes are named `name@datacenter`. */
export function datacentersOf({ datacenter }: RunInfo): string[] {
  return datacenter.split(', ');
}

/** What a datacenter got of a run's announcements; undefined when that is not known any more. */
export function announcementsIn(info: RunInfo, datacenter: string): readonly Filters[] | undefined {
  const [, another] = datacentersOf(info);
  return another === undefined ? info.announcements : info.announcementsIn?.[datacenter];
}

/** One job sent to targets, with everything that came back. */
export class Run {
  readonly ledger = new Ledger();
  readonly output: OutputStore;
  readonly groupings: Groupings;
  readonly #journal: Journal | undefined;
  #info: RunInfo;
  #session: RunSession | undefined;

  constructor(info: RunInfo, options: RunOptions = {}) {
    this.#info = info;
    this.#journal = options.journal;
    this.output = new OutputStore(options);
    const several = datacentersOf(info).length > 1;
    const nameOf = (node: string) => (several ? splitNodeLabel(node).node : node);
    this.groupings = new Groupings(this.ledger, this.output, nameOf);
  }

  /** All of it is fixed but the title. */
  get info(): RunInfo {
    return this.#info;
  }

  /** Whoever asks for `info` from now on gets the new title. */
  rename(title: string): void {
    this.#info = { ...this.#info, title };
  }

  /** Undefined until the run has started. */
  get session(): RunSession | undefined {
    return this.#session;
  }

  /** Why the last of what happened could not be recorded; it is tried again, and stays in memory. */
  get recordFailure(): Error | undefined {
    return this.#journal?.failure;
  }

  /** @returns the node the event changed, if it was about one */
  apply(event: RunEvent): NodeResult | undefined {
    if (event.kind === 'output') this.output.append(event.node, event.bytes, event.at);
    else this.#journal?.record(event);
    return this.#fold(event);
  }

  /** Takes in what the journal holds already. */
  restore({ event, position }: Frame): void {
    if (event.kind === 'output') this.output.restore(event.node, event.bytes, position);
    this.#fold(event);
  }

  #fold(event: RunEvent): NodeResult | undefined {
    if (event.kind === 'output') this.groupings.append(event.node, event.bytes);
    else if (event.kind === 'exited') this.groupings.end(event.node);
    else if (event.kind === 'started') {
      const { session, prefix, heartbeatMs } = event;
      this.#session = { session, prefix, heartbeatMs };
    }
    return this.ledger.apply(event);
  }
}
