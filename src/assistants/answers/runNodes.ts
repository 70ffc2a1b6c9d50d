import { compareNodes } from '../../runs/model/nodeOrder.ts';
import { type NodeStatus, statusOf } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { ToolInputError } from '../inputError.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { nodeFacts } from './runFacts.ts';

/** Which nodes of a run to list; all by default. */
export interface NodesFilter {
  readonly status?: NodeStatus | undefined;
  /** The id of a group of the run's summary. */
  readonly group?: string | undefined;
}

/**
 * The ledger of a run, in the order of the names.
 * @throws ToolInputError if there is no such group
 */
export function runNodes(request: PageRequest, run: Run, { status, group }: NodesFilter) {
  const { info, ledger } = run;
  const wanted = group === undefined ? undefined : nodesOfGroup(run, group);
  const results = [...ledger.nodes]
    .filter((result) => status === undefined || statusOf(result) === status)
    .filter(({ node }) => wanted === undefined || wanted.has(node))
    .sort((a, b) => compareNodes(a.node, b.node));
  const base = { run: info.id, count: results.length, counts: ledger.counts };
  return fillPage(request, base, 'nodes', results, (result) => nodeFacts(request.texts, result));
}

function nodesOfGroup({ groupings, ledger }: Run, id: string): ReadonlySet<string> {
  const group = groupings.exact.groups(ledger).find((candidate) => candidate.id === id);
  if (group) return new Set(group.nodes);
  throw new ToolInputError('The run has no such group. Read its summary again.');
}
