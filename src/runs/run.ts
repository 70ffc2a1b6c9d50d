import type { EventFilters } from '../exec/protocol/eventBudget.ts';
import type { Job } from '../exec/protocol/job.ts';
import type { ParameterValue } from '../exec/script/parameters/parameter.ts';
import type { Guard } from '../exec/guard/guardJob.ts';
import type { DatacenterSession, RunEvent } from '../exec/events/runEvent.ts';
import { isInSeveral, nodeIdOf } from './model/runNodes.ts';
import { RunGroupings } from './grouping/runGroupings.ts';
import type { ServiceNodes } from './grouping/serviceGroups.ts';
import type { Journal } from './journal/journal.ts';
import type { Frame } from './journal/journalFormat.ts';
import { Ledger } from './model/ledger.ts';
import type { StartedBy } from './model/startedBy.ts';
import type { NodeResult } from './model/nodeStatus.ts';
import { DEFAULT_MEMORY_LIMIT, OutputStore } from './output/outputStore.ts';

/** A line of a file. */
export interface FilePlace {
  /** The path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What is fixed about a run from its beginning. */
export interface RunInfo {
  /** A UUID that we create; the Consul session has another id. */
  readonly id: string;
  /** As the user chose it: without a guard. */
  readonly job: Job;
  /** How the job is guarded; absent for a run without a guard. */
  readonly guard?: Guard | undefined;
  /** The job's first meaningful line unless the user renamed the run. */
  readonly title: string;
  /** The values of the script's parameters, which the job has; absent if it has none. */
  readonly parameters?: readonly ParameterValue[] | undefined;
  /**
   * The path of the file that the script is, to compare them later. Absent for a part of a file, text
   * that was never saved, and typed commands.
   */
  readonly file?: string | undefined;
  /** Where the script is in a file, if it is a block, a cell, or a paragraph of one that is saved. */
  readonly place?: FilePlace | undefined;
  /** The most output of each node that the script allowed, in bytes; the settings can allow less. */
  readonly outputCap?: number | undefined;
  /** One event each; disjoint. */
  readonly announcements: readonly EventFilters[];
  /** The announcements by datacenter; not saved on disk. */
  readonly announcementsIn?: Readonly<Record<string, readonly EventFilters[]>> | undefined;
  /** Node names. */
  readonly targets: readonly string[];
  /** The selection in words: `service web · tag primary`. */
  readonly choice: string;
  /** Where it runs, at least one. With several, its nodes are named `name@datacenter`. */
  readonly datacenters: readonly string[];
  /** The connection's name, or its address when it has none. */
  readonly connection: string;
  /** Whether the connection was marked as production. Absent in runs of earlier versions. */
  readonly isProduction?: boolean | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Absent in runs of earlier versions. */
  readonly startedBy?: StartedBy | undefined;
  /** The targets by service, when that was known. */
  readonly services?: ServiceNodes | undefined;
}

/** Where a run is in Consul: enough to find it again after a reload. */
export interface RunSession {
  /** The first Consul session in each datacenter. */
  readonly sessions: readonly DatacenterSession[];
  readonly prefix: string;
  readonly heartbeatMs: number;
}

export interface RunStorage {
  /** Records all events; without a journal the run lives as long as the window. */
  readonly journal?: Journal | undefined;
  /**
   * Without a journal: creates a temporary one for output beyond the memory limit. It is called once;
   * if it throws, all output stays in memory.
   */
  readonly spill?: (() => Journal) | undefined;
  /** Bytes of output that stay in memory although they are in the journal. */
  readonly memoryLimit?: number | undefined;
}

/** The announcements that went to a datacenter; undefined when that is not known any more. */
export function announcementsIn(
  info: RunInfo,
  datacenter: string,
): readonly EventFilters[] | undefined {
  return isInSeveral(info) ? info.announcementsIn?.[datacenter] : info.announcements;
}

/** One job that was sent to targets, with all results. */
export class Run {
  readonly ledger = new Ledger();
  readonly output: OutputStore;
  readonly groupings: RunGroupings;
  /** Has all events. */
  readonly #journal: Journal | undefined;
  /** Has all output: the journal, or a temporary file with output beyond the memory limit. */
  #outputFile: Journal | undefined;
  #spill: (() => Journal) | undefined;
  readonly #memoryLimit: number;
  #info: RunInfo;
  #session: RunSession | undefined;

  constructor(info: RunInfo, options: RunStorage = {}) {
    const { journal, spill, memoryLimit = DEFAULT_MEMORY_LIMIT } = options;
    this.#info = info;
    this.#journal = journal;
    this.#outputFile = journal;
    this.#spill = journal ? undefined : spill;
    this.#memoryLimit = memoryLimit;
    const isScript = info.job.kind === 'script';
    this.output = new OutputStore({ path: journal?.path, memoryLimit, isScript });
    const nameOf = (node: string) => nodeIdOf(info, node).node;
    this.groupings = new RunGroupings(this.ledger, this.output, { nameOf, isScript });
  }

  /** Only the title can change. */
  get info(): RunInfo {
    return this.#info;
  }

  /** Replaces `info` by a copy with the new title. */
  rename(title: string): void {
    this.#info = { ...this.#info, title };
  }

  /** Undefined until the run has started. */
  get session(): RunSession | undefined {
    return this.#session;
  }

  /** Why the latest events could not be recorded. Recording is retried, and they stay in memory. */
  get recordFailure(): Error | undefined {
    return this.#journal?.failure;
  }

  /** The same for the file with output, which a run without a journal can have too. */
  get writeFailure(): Error | undefined {
    return this.#outputFile?.failure;
  }

  /** Bytes of output that are not written yet: a collector can wait for `flushed` when they are many. */
  get backlog(): number {
    return this.#outputFile?.backlog ?? 0;
  }

  /** Resolves when everything so far is in the file. @throws the file system's error */
  async flushed(): Promise<void> {
    await this.#outputFile?.flushed();
  }

  /**
   * Writes the rest and closes the file; reading output and further events open it again.
   * @throws the file system's error
   */
  async close(): Promise<void> {
    await this.#outputFile?.close();
    await this.output.close();
  }

  /** @returns the node that the event changed, if it is about a node */
  apply(event: RunEvent): NodeResult | undefined {
    if (event.kind === 'output') this.#append(event);
    else this.#journal?.record(event);
    return this.#fold(event);
  }

  /** Applies an event that is in the journal already. */
  restore({ event, position }: Frame): void {
    if (event.kind === 'output') this.output.restore(event.node, event.bytes, position);
    this.#fold(event);
  }

  #append({ node, bytes, at }: Extract<RunEvent, { kind: 'output' }>): void {
    if (bytes.length === 0) return;
    if (this.output.bytesInMemory + bytes.length > this.#memoryLimit) this.#beginToSpill();
    const piece = this.#outputFile?.output(node, at, bytes, this.output.onWritten);
    this.output.append(node, bytes, piece);
  }

  /** Earlier output stays in memory: it is within the limit. */
  #beginToSpill(): void {
    const spill = this.#spill;
    this.#spill = undefined;
    if (!spill) return;
    try {
      this.#outputFile = spill();
      this.output.readFrom(this.#outputFile.path);
    } catch {
      // Then memory is the only place.
    }
  }

  /** Only nodes that exited have a digest that is complete. */
  #restartGroups(nodes: readonly string[]): void {
    const exited = nodes.filter((node) => this.ledger.get(node)?.state === 'exited');
    if (exited.length > 0) this.groupings.restart(exited);
  }

  #fold(event: RunEvent): NodeResult | undefined {
    if (event.kind === 'output') this.groupings.append(event.node, event.bytes);
    else if (event.kind === 'gap') this.output.addGap(event.node, event.chunks);
    else if (event.kind === 'exited' || event.kind === 'cut') this.groupings.end(event.node);
    else if (event.kind === 'recovering') this.#restartGroups(event.nodes);
    else if (event.kind === 'started') {
      const { sessions, prefix, heartbeatMs } = event;
      this.#session = { sessions, prefix, heartbeatMs };
    }
    return this.ledger.apply(event);
  }
}
