import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import type { Run } from '../../runs/run.ts';
import { describeTimelessState } from '../../runs/text/stateText.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { combinedUri, nodeUri } from '../output/documentUri.ts';
import type { RunElement } from '../runsView/runElements.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import { UserError } from '../base/userError.ts';

/** One of the two texts of a comparison. */
export interface Side {
  readonly run: Run;
  readonly uri: vscode.Uri;
  /** For example `web-03` or `38 nodes like web-01`. */
  readonly label: string;
  /** The node's state, for example `exited 2`; undefined for a whole run. */
  readonly state: string | undefined;
  /** The text is empty. Never true for a run, whose text has at least the state of each node. */
  readonly isEmpty: boolean;
}

export function nodeSide(run: Run, node: string): Side {
  const result = run.ledger.get(node);
  return {
    run,
    uri: nodeUri(run, node),
    label: displayName(node),
    state: result && describeTimelessState(result, run.ledger.end),
    isEmpty: run.output.size(node) === 0,
  };
}

/** Nodes with the same output, represented by the first. */
export function groupSide(run: Run, nodes: readonly [string, ...string[]]): Side {
  const [first] = nodes;
  const side = nodeSide(run, first);
  if (nodes.length === 1) return side;
  const label = vscode.l10n.t({
    message: '{0} like {1}',
    args: [nodeCountLabel(nodes.length), side.label],
    comment: ['A group of nodes with the same output, for example "3 nodes like web-01"'],
  });
  return { ...side, label };
}

/** All outputs of a run. */
export function runSide(run: Run): Side {
  return {
    run,
    uri: combinedUri(run, 'comparison'),
    label: displayName(run.info.title),
    state: undefined,
    isEmpty: false,
  };
}

/**
 * The text to compare for a row of the Runs view.
 * @throws UserError when the row doesn't have exactly one text
 */
export async function sideOf(element: RunElement, loader: RunLoader): Promise<Side> {
  switch (element.kind) {
    case 'run':
      return runSide(await loader.load(element.listed));
    case 'node':
      return nodeSide(element.run, element.node);
    case 'group': {
      const [first, ...others] = element.group.nodes;
      if (!element.group.sameOutput || first === undefined) {
        throw new UserError(
          vscode.l10n.t(
            'The nodes in this group have different output, so there is nothing to compare. Group the nodes by identical output.',
          ),
        );
      }
      return groupSide(element.run, [first, ...others]);
    }
    case 'rollout':
    case 'more':
      throw new UserError(vscode.l10n.t('Select two nodes, groups or runs to compare.'));
  }
}
