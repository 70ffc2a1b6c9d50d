import * as vscode from 'vscode';
import { displayLine, displayName } from '../../runs/displayText.ts';
import { type Grouping, majorityOf } from '../../runs/grouping.ts';
import { groupByService, groupByStanding } from '../../runs/groups.ts';
import type { Standing } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import { describeExit, describeStanding } from '../../runs/wording.ts';
import { nodeCount } from '../nodeCount.ts';
import { standingLabel } from './standingLabel.ts';

export const GROUP_MODES = ['node', 'state', 'output', 'service'] as const;
/** How nodes are put together under a run; `node`: not at all. */
export type GroupMode = (typeof GROUP_MODES)[number];

/** A group as the tree shows it. */
export interface ShownGroup {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Undefined where the nodes of the group stand differently. */
  readonly standing: Standing | undefined;
  readonly nodes: readonly string[];
  /** Whether all its nodes exited with the same output, so that it can be compared. */
  readonly sameOutput: boolean;
  /** Whether the others are held against it. */
  readonly isMajority: boolean;
}

/** Characters of output to tell a group by. */
const EXCERPT = 60;
const EXCERPT_BYTES = 400;

/** The groups of a run, in the order they are shown. */
export async function shownGroups(
  run: Run,
  mode: Exclude<GroupMode, 'node'>,
  grouping: Grouping,
): Promise<ShownGroup[]> {
  switch (mode) {
    case 'state':
      return groupByStanding(run.ledger).map(({ standing, results }) => ({
        id: `state ${standing}`,
        label: describeStanding(standing, results.length),
        description: '',
        standing,
        nodes: results.map(({ node }) => node),
        sameOutput: false,
        isMajority: false,
      }));
    case 'service':
      return groupByService(run.ledger, run.info.services ?? {}).map(({ service, results }) => ({
        id: `service ${service ?? ''}`,
        label: service === undefined ? vscode.l10n.t('no service known') : displayName(service),
        description: nodeCount(results.length),
        standing: undefined,
        nodes: results.map(({ node }) => node),
        sameOutput: false,
        isMajority: false,
      }));
    case 'output': {
      const groups = grouping.groups(run.ledger);
      const majority = majorityOf(groups);
      return Promise.all(
        groups.map(async ({ id, standing, code, nodes }) => ({
          id: `output ${id}`,
          label: nodeCount(nodes.length),
          description:
            code === undefined
              ? standingLabel(standing)
              : `${await excerpt(run, nodes[0])} · ${describeExit({ code, bytes: run.output.size(nodes[0]) })}`,
          standing,
          nodes,
          sameOutput: code !== undefined,
          isMajority: id === majority?.id,
        })),
      );
    }
  }
}

async function excerpt(run: Run, node: string): Promise<string> {
  const bytes = await run.output.readRange(node, 0, EXCERPT_BYTES);
  const lines = new TextDecoder().decode(bytes).split('\n');
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) return vscode.l10n.t('no output');
  const text = displayLine(first).trim();
  const more = text.length > EXCERPT || lines.length > 2;
  return `“${text.slice(0, EXCERPT)}${more ? '…' : ''}”`;
}
