import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import type { ChoiceOperation } from '../../../exec/targeting/choice/combineChoice.ts';
import { ANY, type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { separator, type ValueItem } from '../../base/quickInput.ts';
import { canPickOnePer } from '../choice/onePerPick.ts';
import { nodesOfStep } from '../inputs/namedNodes.ts';
import { setsRow } from '../sets/setPick.ts';
import type { PickSession } from '../session/pickSession.ts';
import type { NodeSource } from './nodeSources.ts';

type NodeRow = NodeSource | ChoiceOperation | 'all' | 'current' | 'save';
type Rows<T> = (ValueItem<T> | vscode.QuickPickItem)[];

/**
 * The rows of the node step.
 * @param current labels of the nodes that are chosen already, if any
 */
export function nodeRows(
  session: PickSession,
  selection: TargetSelection,
  current: readonly string[],
): Rows<NodeRow> {
  const count = session.datacenters.count({ ...selection, node: ANY });
  return [
    {
      label: count === 1 ? vscode.l10n.t('The only node') : vscode.l10n.t('All {0} nodes', count),
      iconPath: new vscode.ThemeIcon('globe'),
      value: 'all',
    },
    ...sourceRows(session, selection),
    ...(current.length > 0 ? currentRows(current) : []),
  ];
}

/** The ways to say which nodes. */
export function sourceRows(
  { datacenters }: PickSession,
  selection: TargetSelection,
): ValueItem<NodeSource>[] {
  return [
    // Nodes of two datacenters can have the same name. The review can tell them apart.
    ...(datacenters.hasSeveral ? [] : [listRow()]),
    {
      label: vscode.l10n.t('Node Matches…'),
      iconPath: new vscode.ThemeIcon('regex'),
      description: vscode.l10n.t('RE2 on node names, like consul exec'),
      value: 'expression',
    },
    {
      label: vscode.l10n.t('Nodes from a File…'),
      iconPath: new vscode.ThemeIcon('file'),
      description: vscode.l10n.t('names, ranges, or addresses in lines, CSV, or JSON'),
      value: 'file',
    },
    {
      label: vscode.l10n.t('Nodes Where…'),
      iconPath: new vscode.ThemeIcon('filter'),
      description: vscode.l10n.t(
        'metadata, services, and health, as a filter expression of Consul',
      ),
      value: 'where',
    },
    {
      label: vscode.l10n.t('Nodes at Random…'),
      iconPath: new vscode.ThemeIcon('symbol-numeric'),
      description: vscode.l10n.t('a number or a percentage of them'),
      value: 'draw',
    },
    ...(canPickOnePer(nodesOfStep(datacenters, selection)) ? [onePerRow()] : []),
    ...setsRow<NodeSource>('set'),
  ];
}

function listRow(): ValueItem<NodeSource> {
  return {
    label: vscode.l10n.t('Select Nodes…'),
    iconPath: new vscode.ThemeIcon('checklist'),
    description: vscode.l10n.t({
      message: 'one by one',
      args: [],
      comment: ['Description of the row "Select Nodes…", which opens a list with check boxes'],
    }),
    value: 'list',
  };
}

function onePerRow(): ValueItem<NodeSource> {
  return {
    label: vscode.l10n.t('One Node per…'),
    iconPath: new vscode.ThemeIcon('group-by-ref-type'),
    description: vscode.l10n.t('for each value of metadata, like a rack or a version'),
    value: 'onePer',
  };
}

function currentRows(current: readonly string[]): Rows<NodeRow> {
  return [
    separator(vscode.l10n.t('chosen before')),
    {
      label:
        current.length === 1
          ? vscode.l10n.t('The Chosen Node')
          : vscode.l10n.t('The {0} Chosen Nodes', current.length),
      iconPath: new vscode.ThemeIcon('check'),
      description: plainLabel(joinNames(current)),
      value: 'current',
    },
    {
      label: vscode.l10n.t('Add Nodes to Them…'),
      iconPath: new vscode.ThemeIcon('add'),
      value: 'add',
    },
    {
      label: vscode.l10n.t('Remove Nodes from Them…'),
      iconPath: new vscode.ThemeIcon('remove'),
      value: 'remove',
    },
    {
      label: vscode.l10n.t('Leave Only Some of Them…'),
      iconPath: new vscode.ThemeIcon('list-selection'),
      value: 'intersect',
    },
    {
      label: vscode.l10n.t('Save Them as a Set…'),
      iconPath: new vscode.ThemeIcon('bookmark'),
      value: 'save',
    },
  ];
}
