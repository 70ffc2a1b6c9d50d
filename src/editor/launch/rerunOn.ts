import { ANY } from '../../exec/targeting/targetSelection.ts';
import { nodesWithStatus } from '../../runs/export/nodeList.ts';
import type { Run, RunInfo } from '../../runs/run.ts';
import { labelIn, type NodeId, nodeIdOf } from '../../runs/model/runNodes.ts';
import type { InitialSelection } from '../pick/chooseTargets.ts';
import type { PlannedStep } from '../runs/plannedSteps.ts';

/** The selection to start with when a job runs again. */
export interface RerunTarget extends InitialSelection {
  readonly datacenters: readonly string[];
  /** The name of the connection of the earlier run. */
  readonly connection: string;
  /** Labels of nodes that the earlier run did not account for. */
  readonly mayHaveRun?: readonly string[];
  /** The run of the previous step, if this is a later step of a run in steps. */
  readonly after?: { readonly id: string; readonly step: PlannedStep };
}

/** The same nodes in the same datacenters, on the same connection. */
export function rerunOn(info: RunInfo, labels: readonly string[]): RerunTarget {
  const { datacenters, connection } = info;
  const names = labels.map((label) => nodeIdOf(info, label).node);
  return {
    selection: { service: ANY, tag: ANY, node: { kind: 'exactly', names } },
    selected: { only: labels },
    datacenters,
    connection,
  };
}

/** The nodes of all steps of a run, which can have different datacenters. */
export function runAgainOnAll(steps: readonly Run[]): RerunTarget {
  const [one, another] = steps;
  if (one && !another) return runAgainOn(one, one.info.targets);
  const datacenters = [...new Set(steps.flatMap(({ info }) => info.datacenters))];
  const ids = (nodesIn: (step: Run) => readonly string[]) =>
    steps.flatMap((step) => nodesIn(step).map((label) => nodeIdOf(step.info, label)));
  const labels = (nodes: readonly NodeId[]) => [
    ...new Set(nodes.map((id) => labelIn({ datacenters }, id))),
  ];
  const targets = ids(({ info }) => info.targets);
  return {
    selection: {
      service: ANY,
      tag: ANY,
      node: { kind: 'exactly', names: [...new Set(targets.map(({ node }) => node))] },
    },
    selected: { only: labels(targets) },
    datacenters,
    connection: one?.info.connection ?? '',
    mayHaveRun: labels(ids(nodesThatMayHaveRun)),
  };
}

/** The same for the job of a run, which some of these nodes may have run already. */
export function runAgainOn(run: Run, labels: readonly string[]): RerunTarget {
  return { ...rerunOn(run.info, labels), mayHaveRun: nodesThatMayHaveRun(run) };
}

function nodesThatMayHaveRun({ ledger }: Run): readonly string[] {
  return nodesWithStatus(ledger, ['unknown', 'lost', 'running', 'waiting']);
}
