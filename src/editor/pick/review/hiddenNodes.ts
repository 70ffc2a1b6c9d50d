import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { type Answer, BACK, pickOne, type ValueItem } from '../../base/quickInput.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';

/** The selected nodes when the user pressed Enter while the filter hid some of them. */
export interface PartlyHidden {
  readonly targets: readonly TargetNode[];
  /** Those of `targets` whose rows are hidden. */
  readonly hidden: readonly TargetNode[];
}

export function hiddenNodesMessage(hidden: readonly TargetNode[]): string {
  const names = namesLabel(hidden);
  return hidden.length === 1
    ? vscode.l10n.t('1 selected node is hidden by the filter: {0}', names)
    : vscode.l10n.t('{0} selected nodes are hidden by the filter: {1}', hidden.length, names);
}

/**
 * Asks whether to run on the nodes that the filter hides too. What the user sees comes first.
 * @returns the nodes to run on; Back for the review without a filter
 */
export function askAboutHidden(
  session: PickSession,
  { targets, hidden }: PartlyHidden,
): Promise<Answer<readonly TargetNode[]>> {
  const hiddenSet = new Set(hidden);
  const shown = targets.filter((target) => !hiddenSet.has(target));
  const rows: ValueItem<readonly TargetNode[] | typeof BACK>[] = [
    ...(shown.length > 0 ? [shownRow(shown)] : []),
    {
      label: vscode.l10n.t('Back to the Review'),
      iconPath: new vscode.ThemeIcon('arrow-left'),
      description: vscode.l10n.t('clears the filter'),
      value: BACK,
    },
    {
      label:
        targets.length === 1
          ? vscode.l10n.t('Run on the Selected Node')
          : vscode.l10n.t('Run on All {0} Selected Nodes', targets.length),
      iconPath: new vscode.ThemeIcon('play'),
      description: namesLabel(targets),
      value: targets,
    },
  ];
  return pickOne<readonly TargetNode[] | typeof BACK>(
    frameOf(session, 4, vscode.l10n.t('Hidden Nodes')),
    vscode.l10n.t('Select which nodes to run on'),
    () => rows,
    { prompt: hiddenNodesMessage(hidden) },
  );
}

function shownRow(shown: readonly TargetNode[]): ValueItem<readonly TargetNode[]> {
  return {
    label:
      shown.length === 1
        ? vscode.l10n.t('Run on the Shown Node Only')
        : vscode.l10n.t('Run on the {0} Shown Nodes Only', shown.length),
    iconPath: new vscode.ThemeIcon('filter'),
    description: namesLabel(shown),
    value: shown,
  };
}

function namesLabel(nodes: readonly TargetNode[]): string {
  return plainLabel(
    joinNames(
      nodes.map(({ label }) => label),
      3,
    ),
  );
}
