import * as vscode from 'vscode';
import { displayLine, displayName } from '../../runs/displayText.ts';
import { type Grouping, majorityOf } from '../../runs/grouping.ts';
import { groupByService, groupByStanding } from '../../runs/groups.ts';
import type { NodeResult, Standing } from '../../runs/nodeResult.ts';
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
  /** Those that are shown; what is done with the group is done with these. At least one. */
  readonly nodes: readonly string[];
  /** Whether all its nodes exited with the same output, so that it can be compared. */
  readonly sameOutput: boolean;
  /** Whether the others are held against it. */
  readonly isMajority: boolean;
}

/** Characters of output to tell a group by. */
const EXCERPT = 60;
const EXCERPT_BYTES = 400;

/** As many groups as are drawn, and how many there are more. */
export interface FirstGroups {
  readonly groups: readonly ShownGroup[];
  readonly leftOut: number;
}

/**
 * The groups of a run, in the order they are shown. Every node may have one of its own.
 * @param most groups to show
 * @param shows whether the view's filter lets a node through: groups have only such nodes, say of how
 * many these are some, and are left out when they have none
 */
export async function shownGroups(
  run: Run,
  mode: Exclude<GroupMode, 'node'>,
  grouping: Grouping,
  most: number,
  shows: (node: string) => boolean,
): Promise<FirstGroups> {
  if (mode !== 'output') return first(groupsBy(mode, run, shows), most);
  const groups = grouping.groups(run.ledger);
  const majority = majorityOf(groups);
  const shown = groups
    .map((group) => ({ group, nodes: group.nodes.filter(shows) }))
    .filter(({ nodes }) => nodes.length > 0);
  return {
    groups: await Promise.all(
      shown.slice(0, most).map(async ({ group: { id, standing, code, nodes: all }, nodes }) => ({
        id: `output ${id}`,
        label: countOf(nodes, all),
        description:
          code === undefined
            ? standingLabel(standing)
            : `${await excerpt(run, all[0])} · ${describeExit({ code, bytes: run.output.size(all[0]) })}`,
        standing,
        nodes,
        sameOutput: code !== undefined,
        isMajority: id === majority?.id,
      })),
    ),
    leftOut: Math.max(0, shown.length - most),
  };
}

function first(groups: readonly ShownGroup[], most: number): FirstGroups {
  return { groups: groups.slice(0, most), leftOut: Math.max(0, groups.length - most) };
}

/** Groups that are not about what nodes wrote. */
function groupsBy(
  mode: 'state' | 'service',
  run: Run,
  shows: (node: string) => boolean,
): ShownGroup[] {
  switch (mode) {
    case 'state':
      return groupByStanding(run.ledger).flatMap(({ standing, results }) => {
        const nodes = namesOf(results, shows);
        if (nodes.length === 0) return [];
        const label =
          nodes.length === results.length
            ? describeStanding(standing, results.length)
            : vscode.l10n.t('{0} of {1}', nodes.length, describeStanding(standing, results.length));
        const id = `state ${standing}`;
        return { id, label, description: '', standing, nodes, ...NOT_ALIKE };
      });
    case 'service':
      return groupByService(run.ledger, run.info.services ?? {}).flatMap(({ service, results }) => {
        const nodes = namesOf(results, shows);
        if (nodes.length === 0) return [];
        return {
          id: `service ${service ?? ''}`,
          label: service === undefined ? vscode.l10n.t('no service known') : displayName(service),
          description: countOf(nodes, results),
          standing: undefined,
          nodes,
          ...NOT_ALIKE,
        };
      });
  }
}

/** Of a group that is not about what nodes wrote. */
const NOT_ALIKE = { sameOutput: false, isMajority: false };

function namesOf(results: readonly NodeResult[], shows: (node: string) => boolean): string[] {
  return results.map(({ node }) => node).filter(shows);
}

/** `12 nodes`; `3 of 12 nodes` where the filter hides the others. */
function countOf(
  { length: shown }: readonly unknown[],
  { length: all }: readonly unknown[],
): string {
  return shown === all ? nodeCount(all) : vscode.l10n.t('{0} of {1}', shown, nodeCount(all));
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
