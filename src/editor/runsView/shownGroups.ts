import * as vscode from 'vscode';
import { createYielder } from '../../base/yielder.ts';
import { displayName } from '../../base/displayName.ts';
import { GroupExcerpts } from '../../runs/grouping/groupExcerpt.ts';
import type { GroupMode } from '../../runs/grouping/groupMode.ts';
import {
  largestGroup,
  mostCommonGroup,
  type OutputGroup,
  type OutputGrouping,
} from '../../runs/grouping/outputGrouping.ts';
import { groupByStatus } from '../../runs/grouping/statusGroups.ts';
import { groupByService } from '../../runs/grouping/serviceGroups.ts';
import type { NodeResult, NodeStatus } from '../../runs/model/nodeStatus.ts';
import type { OutputStore } from '../../runs/output/outputStore.ts';
import type { Run } from '../../runs/run.ts';
import { describeExit, describeStatusCount } from '../../runs/text/stateText.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { statusLabel } from '../runs/statusLabel.ts';

/** A group as the tree shows it. */
export interface ShownGroup {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Undefined if the nodes of the group have different statuses. */
  readonly status: NodeStatus | undefined;
  /** The shown nodes, at least one; commands on the group apply to these. */
  readonly nodes: readonly string[];
  /** Whether all nodes exited with the same output, so that the group can be compared. */
  readonly sameOutput: boolean;
  /** Whether another output is the most common one. */
  readonly differs: boolean;
}

/** The groups that are drawn, and the number of hidden groups. */
export interface FirstGroups {
  readonly groups: readonly ShownGroup[];
  readonly hidden: number;
}

/**
 * The groups of a run in display order. There can be as many groups as nodes.
 * @param limit how many groups to show at most
 * @param shows whether a node matches the view's filter. Groups contain only such nodes, mention how
 * many nodes they have in all, and are omitted when no node matches
 */
export async function shownGroups(
  run: Run,
  mode: Exclude<GroupMode, 'node'>,
  grouping: OutputGrouping,
  limit: number,
  shows: (node: string) => boolean,
): Promise<FirstGroups> {
  if (mode !== 'output') return firstGroups(groupsBy(mode, run, shows), limit);
  const groups = grouping.groups(run.ledger);
  const common = mostCommonGroup(groups);
  const shown = groups
    .map((group) => ({ group, nodes: group.nodes.filter(shows) }))
    .filter(({ nodes }) => nodes.length > 0);
  const first = shown.slice(0, limit);
  const describe = groupDescriptions(run, grouping, largestGroup(groups), first.length);
  return {
    groups: await Array.fromAsync(first, async ({ group, nodes }) => ({
      id: `output ${group.id}`,
      label: groupLabel(nodes, group.nodes),
      description: await describe(group),
      status: group.status,
      nodes,
      sameOutput: group.code !== undefined,
      differs: common !== undefined && group.id !== common.id,
    })),
    hidden: Math.max(0, shown.length - limit),
  };
}

/**
 * Returns a function that describes a group by its output and exit code. The view is drawn again and
 * again, and the output of a group never changes, so descriptions are cached.
 */
function groupDescriptions(
  { output, groupings }: Run,
  { ignored }: OutputGrouping,
  reference: OutputGroup | undefined,
  groups: number,
): (group: OutputGroup) => Promise<string> {
  const { nameOf } = groupings;
  const excerpts = new GroupExcerpts({
    output,
    reference: reference?.nodes[0],
    ignored,
    nameOf,
    groups,
  });
  const maybeYield = createYielder();
  const encodings = JSON.stringify([output.encodings.chosen, output.encodings.standard]);
  const known = descriptions.get(output) ?? new Map<string, string>();
  descriptions.set(output, known);
  return async ({ id, status, code, ending, nodes: [first] }) => {
    if (code === undefined) return statusLabel(status);
    await maybeYield();
    const key = JSON.stringify([id, reference?.id, ignored, first, encodings]);
    const excerpt = known.get(key) ?? (await excerpts.describe(first));
    if (known.size >= MAX_DESCRIPTIONS) known.clear();
    known.set(key, excerpt);
    return `${excerpt} · ${describeExit({ code, ...(ending ? { ending } : {}) })}`;
  };
}

const descriptions = new WeakMap<OutputStore, Map<string, string>>();
const MAX_DESCRIPTIONS = 5000;

function firstGroups(groups: readonly ShownGroup[], limit: number): FirstGroups {
  return { groups: groups.slice(0, limit), hidden: Math.max(0, groups.length - limit) };
}

/** Groups by anything but output. */
function groupsBy(
  mode: 'status' | 'service',
  run: Run,
  shows: (node: string) => boolean,
): ShownGroup[] {
  switch (mode) {
    case 'status':
      return groupByStatus(run.ledger).flatMap(({ status, results }) => {
        const nodes = namesOf(results, shows);
        if (nodes.length === 0) return [];
        const label =
          nodes.length === results.length
            ? describeStatusCount(status, results.length)
            : vscode.l10n.t(
                '{0} of {1}',
                nodes.length,
                describeStatusCount(status, results.length),
              );
        const id = `status ${status}`;
        return { id, label, description: '', status, nodes, ...NOT_COMPARABLE };
      });
    case 'service':
      return groupByService(run.ledger, run.info.services ?? {}).flatMap(({ service, results }) => {
        const nodes = namesOf(results, shows);
        if (nodes.length === 0) return [];
        return {
          id: `service ${service ?? ''}`,
          label: service === undefined ? vscode.l10n.t('no known service') : displayName(service),
          description: shownCountLabel(nodes, results),
          status: undefined,
          nodes,
          ...NOT_COMPARABLE,
        };
      });
  }
}

/** For groups by anything but output. */
const NOT_COMPARABLE = { sameOutput: false, differs: false };

function namesOf(results: readonly NodeResult[], shows: (node: string) => boolean): string[] {
  return results.map(({ node }) => node).filter(shows);
}

/** The name of the only node, or how many there are. */
function groupLabel(shown: readonly string[], all: readonly string[]): string {
  const [only = ''] = all;
  return all.length === 1 ? displayName(only) : shownCountLabel(shown, all);
}

/** `12 nodes`; `3 of 12 nodes` where the filter hides the others. */
function shownCountLabel(
  { length: shown }: readonly unknown[],
  { length: all }: readonly unknown[],
): string {
  return shown === all
    ? nodeCountLabel(all)
    : vscode.l10n.t('{0} of {1}', shown, nodeCountLabel(all));
}
