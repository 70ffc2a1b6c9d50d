import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { majorityOf } from '../../runs/grouping.ts';
import { ignoredNames } from '../../runs/ignoredWords.ts';
import { nodeCount } from '../nodeCount.ts';
import type { GroupElement, NodeElement } from '../runs/runElements.ts';
import type { RunsLook } from '../runs/runsLook.ts';
import { UserError } from '../userError.ts';
import { groupSide, type Side } from './side.ts';

/**
 * What most nodes of the run wrote, for a node or group to be held against.
 * @throws UserError when no node has exited, or the row belongs to the majority itself
 */
export async function majoritySide(
  element: NodeElement | GroupElement,
  look: RunsLook,
): Promise<Side> {
  const { run } = element;
  const grouping = await run.groupings.ignoring(look.ignored);
  const groups = grouping.groups(run.ledger);
  const majority = majorityOf(groups);
  if (!majority) {
    throw new UserError(
      vscode.l10n.t('No node of this run has exited yet, so there is no majority to compare with.'),
    );
  }
  const first = element.kind === 'node' ? element.node : element.group.nodes[0];
  if (first !== undefined && majority.nodes.includes(first)) {
    const exited = groups.filter(({ code }) => code !== undefined);
    throw new UserError(
      exited.length === 1
        ? vscode.l10n.t('All nodes that exited wrote the same, so there is nothing to compare.')
        : vscode.l10n.t(
            '{0} belongs to the majority: {1} wrote the same. Compare one that differs.',
            displayName(first),
            nodeCount(majority.nodes.length),
          ),
    );
  }
  const side = groupSide(run, majority.nodes);
  const ignored = ignoredNames(grouping.ignored);
  const label =
    ignored === ''
      ? vscode.l10n.t('majority: {0}', side.label)
      : vscode.l10n.t('majority ignoring {0}: {1}', ignored, side.label);
  return { ...side, label };
}
