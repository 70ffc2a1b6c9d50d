import type { Ledger } from '../model/ledger.ts';
import { type NodeResult, type NodeStatus, STATUSES, statusOf } from '../model/nodeStatus.ts';

export interface StatusGroup {
  readonly status: NodeStatus;
  /** In the ledger's order. */
  readonly results: readonly NodeResult[];
}

/** Nodes by status, worst first; only statuses that a node has. */
export function groupByStatus(ledger: Ledger): readonly StatusGroup[] {
  const byStatus = Map.groupBy(ledger.nodes, statusOf);
  return STATUSES.flatMap((status) => {
    const results = byStatus.get(status);
    return results ? [{ status, results }] : [];
  });
}
