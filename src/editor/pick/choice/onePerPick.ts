import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import {
  onePer,
  type Trait,
  traitsOf,
  type TraitValues,
} from '../../../exec/targeting/choice/onePer.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { type Answer, pickOne, type StepFrame, type ValueItem } from '../../base/quickInput.ts';
import type { LiveSource } from '../../base/quickInput.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';

/**
 * Asks for something that the nodes differ in. @returns the labels of one node for each of its values
 * @param nodes to take them from
 */
export function pickOnePer(
  frame: StepFrame,
  nodes: () => readonly TargetNode[],
  live: LiveSource,
): Promise<Answer<readonly string[]>> {
  return pickOne<readonly string[]>(
    { ...frame, canGoBack: true },
    vscode.l10n.t('Select what the nodes should differ in'),
    () => traitsOf(nodes()).map(row),
    { live },
  );
}

/** Whether the nodes differ in something that this knows. */
export function canPickOnePer(nodes: readonly TargetNode[]): boolean {
  return traitsOf(nodes).length > 0;
}

function row(values: TraitValues): ValueItem<readonly string[]> {
  const labels = onePer(values);
  return {
    label: plainLabel(traitLabel(values.trait)),
    iconPath: new vscode.ThemeIcon(values.trait.kind === 'nodeMeta' ? 'server' : 'symbol-misc'),
    description: vscode.l10n.t('{0} values', values.labels.size),
    detail: plainLabel(
      vscode.l10n.t('{0} — nodes: {1}', joinNames([...values.labels.keys()]), joinNames(labels)),
    ),
    value: labels,
  };
}

function traitLabel({ kind, key }: Trait): string {
  return kind === 'nodeMeta'
    ? vscode.l10n.t('One per {0} of the node', key)
    : vscode.l10n.t('One per {0} of a service', key);
}
