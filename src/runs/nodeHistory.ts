import type { NodeHistory } from '../exec/doctor/finding.ts';
import type { Run } from './run.ts';

/** How often each node was asked in these runs, and how often it acknowledged. Runs under way do not count. */
export function nodeHistory(runs: Iterable<Run>): Map<string, NodeHistory> {
  const history = new Map<string, NodeHistory>();
  for (const { info, ledger } of runs) {
    if (ledger.end === undefined) continue;
    for (const node of info.targets) {
      const before = history.get(node) ?? { asked: 0, answered: 0 };
      const answered = ledger.get(node)?.state === 'silent' ? 0 : 1;
      history.set(node, { asked: before.asked + 1, answered: before.answered + answered });
    }
  }
  return history;
}
