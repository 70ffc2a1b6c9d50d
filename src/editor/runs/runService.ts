import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Job } from '../../exec/job.ts';
import type { RunEvent } from '../../exec/runEvent.ts';
import { nodeLabel } from '../../exec/nodeLabel.ts';
import { runEverywhere, type RunPart } from '../../exec/runEverywhere.ts';
import { Run, type RunInfo } from '../../runs/run.ts';
import { describeProgress } from '../../runs/wording.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { reportError } from '../reportError.ts';

/** What a user confirmed: a request to Consul and the words to remember it by. */
export interface ConfirmedRun {
  readonly connection: OpenConnection;
  readonly job: Job;
  /** One for each datacenter. */
  readonly parts: readonly ConfirmedPart[];
  readonly choice: string;
  readonly title: string;
}

/** A datacenter's share, with its targets known. */
export interface ConfirmedPart extends RunPart {
  readonly request: RunPart['request'] & { readonly targets: readonly string[] };
}

/** One thing that happened to a run. */
export interface RunChange {
  readonly run: Run;
  readonly event: RunEvent;
}

/** Starts, stops and remembers runs. Newest first. */
export class RunService implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #stops = new Map<Run, AbortController>();
  readonly #announced = new WeakSet<Run>();
  readonly #going = new Set<Promise<void>>();
  readonly #listChanged = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<RunChange>();
  #runs: readonly Run[] = [];

  /** A run was added or removed. */
  readonly onDidChangeList = this.#listChanged.event;
  /** Something happened in a run; comes for every event, so listeners must be quick. */
  readonly onDidChange = this.#changed.event;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  get all(): readonly Run[] {
    return this.#runs;
  }

  /** Runs that are not over. */
  get going(): readonly Run[] {
    return this.#runs.filter((run) => this.#stops.has(run));
  }

  /** Begins a run. Its troubles are reported; the promise ends with the run. */
  start(confirmed: ConfirmedRun): { readonly run: Run; readonly ended: Promise<void> } {
    const run = new Run(infoOf(confirmed));
    const stop = new AbortController();
    this.#runs = [run, ...this.#runs];
    this.#stops.set(run, stop);
    this.#listChanged.fire();
    const ended = this.#follow(run, confirmed, stop.signal).finally(() => {
      this.#stops.delete(run);
      this.#going.delete(ended);
      this.#listChanged.fire();
    });
    this.#going.add(ended);
    return { run, ended };
  }

  /** Stops collecting. What runs on the nodes runs on. */
  stop(run: Run): void {
    this.#stops.get(run)?.abort();
  }

  /** Forgets runs that are over. */
  remove(runs: readonly Run[]): void {
    this.#runs = this.#runs.filter((run) => this.#stops.has(run) || !runs.includes(run));
    this.#listChanged.fire();
  }

  /** Stops every run, and waits until each has cleaned up behind itself. */
  async shutDown(): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort();
    await Promise.all(this.#going);
  }

  dispose(): void {
    this.#listChanged.dispose();
    this.#changed.dispose();
  }

  async #follow(run: Run, confirmed: ConfirmedRun, signal: AbortSignal): Promise<void> {
    const { id, targets, datacenter, connection } = run.info;
    this.#log.info(`Run ${id} on ${targets.length} nodes of ${datacenter} through ${connection}`);
    try {
      for await (const event of runEverywhere(confirmed.parts, signal)) {
        if (event.kind === 'warning') this.#log.warn(event.text);
        if (event.kind === 'announced') this.#announced.add(run);
        run.apply(event);
        this.#changed.fire({ run, event });
      }
      this.#log.info(`Run ${id} ended: ${describeProgress(run.ledger)}`);
    } catch (error) {
      if (!signal.aborted) reportError(error, this.#log);
      this.#failed(run, error);
    }
  }

  /** Before the job is announced nothing ran, so there is nothing to keep. */
  #failed(run: Run, error: unknown): void {
    if (!this.#announced.has(run)) {
      this.#runs = this.#runs.filter((other) => other !== run);
      return;
    }
    const event: RunEvent = {
      kind: 'finished',
      at: Date.now(),
      end: 'unreachable',
      reason: String(error),
    };
    run.apply(event);
    this.#changed.fire({ run, event });
  }
}

function infoOf({ connection, job, parts, choice, title }: ConfirmedRun): RunInfo {
  const several = parts.length > 1;
  return {
    id: randomUUID(),
    job,
    title,
    announcements: parts.flatMap(({ request }) => request.announcements),
    targets: parts.flatMap(({ datacenter, request }) =>
      several ? request.targets.map((node) => nodeLabel(node, datacenter)) : request.targets,
    ),
    choice,
    datacenter: parts.map(({ datacenter }) => datacenter).join(', '),
    connection: connection.name,
    createdAt: Date.now(),
  };
}
