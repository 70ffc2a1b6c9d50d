import type { KnownRun } from '../../runs/lastResults.ts';
import { statusOf } from '../../runs/model/nodeStatus.ts';
import type { ListedRun } from '../runs/listedRun.ts';

/** What the list knows of a run without reading it from disk. */
export function knownRun({ info, run, outcome }: ListedRun): KnownRun {
  const counts = outcome?.counts;
  const everyNode = info.targets.length;
  return {
    info,
    statusOf(label) {
      const result = run?.ledger.get(label);
      if (result) return statusOf(result);
      if (!counts) return undefined;
      if (counts.ok === everyNode) return 'ok';
      return counts.noResponse === everyNode ? 'noResponse' : undefined;
    },
  };
}
