import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import type { Run } from '../../runs/run.ts';
import { describeTimelessState } from '../../runs/wording.ts';
import { nodeCount } from '../nodeCount.ts';
import { combinedUri, nodeUri } from '../output/documentAddress.ts';
import type { RunElement } from '../runs/runElements.ts';
import type { RunService } from '../runs/runService.ts';
import { UserError } from '../userError.ts';

/** One of the two texts of a comparison. */
export interface Side {
  readonly run: Run;
  readonly uri: vscode.Uri;
  /** What it is: `web-03`, `38 nodes`. */
  readonly label: string;
  /** How its node ended or stands, such as `exited 2`; undefined for a whole run. */
  readonly state: string | undefined;
  /** There is no text in it. That of a run tells at least how each node stands. */
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

/** Nodes whose outputs are the same: the first speaks for all. */
export function groupSide(run: Run, nodes: readonly [string, ...string[]]): Side {
  const [first] = nodes;
  const side = nodeSide(run, first);
  if (nodes.length === 1) return side;
  const label = vscode.l10n.t('{0} like {1}', nodeCount(nodes.length), side.label);
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
 * What a row of the Runs view stands for.
 * @throws UserError when that is not one text
 */
export async function sideOf(element: RunElement, runs: RunService): Promise<Side> {
  switch (element.kind) {
    case 'run':
      return runSide(await runs.load(element.listed));
    case 'node':
      return nodeSide(element.run, element.node);
    case 'group': {
      const [first, ...others] = element.group.nodes;
      if (!element.group.sameOutput || first === undefined) {
        throw new UserError(
          vscode.l10n.t(
            'The nodes of this group did not write the same, so it has no one output to compare. Group the nodes by identical output.',
          ),
        );
      }
      return groupSide(element.run, [first, ...others]);
    }
    case 'more':
      throw new UserError(vscode.l10n.t('Select two rows of nodes, groups or runs to compare.'));
  }
}
