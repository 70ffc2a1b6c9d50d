import { endAsInterrupted } from '../../runs/history/interruptedRun.ts';
import { OutputMemory } from '../../runs/output/outputMemory.ts';
import type { Run } from '../../runs/run.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunList } from './runList.ts';

/** Reads runs from disk, and limits how much output of finished runs stays in memory. */
export class RunLoader {
  readonly #runs: RunList;
  readonly #history: RunHistory;
  readonly #prepare: (run: Run) => void;
  readonly #memory = new OutputMemory();
  readonly #reading = new Map<ListedRun, Promise<Run>>();

  /** @param prepare is called with a run before it is viewed */
  constructor(runs: RunList, history: RunHistory, prepare: (run: Run) => void = () => undefined) {
    this.#runs = runs;
    this.#history = history;
    this.#prepare = prepare;
  }

  /**
   * The run with everything that came back, read from disk if necessary.
   * @throws RunNotFoundError, RecordError, JournalError
   */
  async load(listed: ListedRun): Promise<Run> {
    // An interrupted run can be resumed until then, and must not be read a second time.
    if (!listed.run) await this.#runs.whenRestored;
    const run = listed.run ?? (await this.#read(listed));
    this.markUsed(run);
    return run;
  }

  /** The same, but a run that isn't open stays closed, so that it takes no memory afterwards. */
  async peek(listed: ListedRun): Promise<Run> {
    if (!listed.run) await this.#runs.whenRestored;
    if (listed.run) return listed.run;
    const run = await this.#history.load(listed.id);
    this.#complete(listed, run);
    return run;
  }

  /** Call this when a run is viewed or ends: output that was not viewed for long is released. */
  markUsed({ output }: Run): void {
    const open = this.#runs.all.flatMap(({ run }) => run ?? []);
    const finished = open.filter(({ ledger }) => ledger.end !== undefined);
    this.#memory.use(
      output,
      finished.map((run) => run.output),
    );
  }

  async #read(listed: ListedRun): Promise<Run> {
    const reading =
      this.#reading.get(listed) ??
      this.#history.load(listed.id).finally(() => this.#reading.delete(listed));
    this.#reading.set(listed, reading);
    const run = await reading;
    this.#complete(listed, run);
    // A run that another window collects changes on disk, so it is read each time.
    if (run.ledger.end !== undefined) listed.open(run);
    return run;
  }

  #complete(listed: ListedRun, run: Run): void {
    // The user can have renamed the run in the meantime.
    run.rename(listed.info.title);
    if (listed.isInterrupted) endAsInterrupted(run);
    this.#prepare(run);
  }
}
