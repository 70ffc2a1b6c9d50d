import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import {
  largestGroup,
  mostCommonGroup,
  type OutputGroup,
} from '../../runs/grouping/outputGrouping.ts';
import { describeIgnored } from '../../runs/grouping/ignoredDifferencesLabel.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import type { GroupElement, NodeElement } from '../runsView/runElements.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { NothingToDo } from '../base/userError.ts';
import { groupSide, type Side } from './side.ts';

/**
 * The most common output of a run, to compare a node or group with.
 * @throws NothingToDo if there is none, or the node or group has it
 */
export async function mostCommonSide(
  element: NodeElement | GroupElement,
  viewOptions: RunsViewOptions,
): Promise<Side> {
  const { run } = element;
  const grouping = await run.groupings.ignoring(viewOptions.ignored);
  const groups = grouping.groups(run.ledger);
  const common = mostCommonGroup(groups);
  if (!common) throw new NothingToDo(noneMessage(groups));
  const first = element.kind === 'node' ? element.node : element.group.nodes[0];
  if (first !== undefined && common.nodes.includes(first)) {
    const exited = groups.filter(({ code }) => code !== undefined);
    throw new NothingToDo(
      exited.length === 1
        ? vscode.l10n.t(
            'All nodes that exited have the same output, so there is nothing to compare.',
          )
        : vscode.l10n.t(
            '{0} has the most common output, like {1} in all. Select a node that differs.',
            displayName(first),
            nodeCountLabel(common.nodes.length),
          ),
    );
  }
  const side = groupSide(run, common.nodes);
  const ignored = describeIgnored(grouping.ignored);
  const label =
    ignored === ''
      ? vscode.l10n.t({
          message: 'most common: {0}',
          args: [side.label],
          comment: ['One side of a diff editor: {0} is for example "3 nodes like web-01"'],
        })
      : vscode.l10n.t({
          message: 'most common, ignoring {0}: {1}',
          args: [ignored, side.label],
          comment: [
            'One side of a diff editor: {0} lists differences, {1} is for example "3 nodes like web-01"',
          ],
        });
  return { ...side, label };
}

function noneMessage(groups: readonly OutputGroup[]): string {
  return largestGroup(groups)
    ? vscode.l10n.t(
        'No output is the most common one: several groups have the most nodes. Select two rows to compare them.',
      )
    : vscode.l10n.t("No node of this run has exited yet, so there's no most common output.");
}
