import { Grouping } from '../../runs/grouping.ts';
import { type Ignored, ignoresAnything } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';

/** While a run goes on, groups that ignore something are found anew at most this often. */
const RENEW_MS = 2000;

interface Kept {
  readonly key: string;
  readonly at: number;
  readonly grouping: Promise<Grouping>;
}

/** Groupings of runs, whatever is ignored; those that ignore something are kept for a while. */
export class Groupings {
  readonly #kept = new WeakMap<Run, Kept>();

  of(run: Run, ignored: Ignored): Promise<Grouping> {
    if (!ignoresAnything(ignored)) return Promise.resolve(run.grouping);
    const key = JSON.stringify(ignored);
    const kept = this.#kept.get(run);
    const finishedAt = run.ledger.finishedAt ?? Infinity;
    const isFresh = kept && (kept.at > finishedAt || Date.now() - kept.at < RENEW_MS);
    if (kept?.key === key && isFresh) return kept.grouping;
    const grouping = Grouping.of(run.ledger, run.output, ignored);
    this.#kept.set(run, { key, at: Date.now(), grouping });
    return grouping;
  }
}
