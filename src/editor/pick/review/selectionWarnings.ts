import * as vscode from 'vscode';
import {
  type TargetSelection,
  selectTargets,
  describeSelection,
  hasExpression,
} from '../../../exec/targeting/targetSelection.ts';
import { filterBudget } from '../../../exec/protocol/eventBudget.ts';
import { findHazards } from '../../../exec/hazards/findHazards.ts';
import { hazardMessage } from '../../../exec/hazards/hazardMessage.ts';
import { payloadSize } from '../../../exec/protocol/execEvent.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { ChoiceSession } from '../session/pickSession.ts';

/** An effect of an expression that the user might not intend. */
export interface SelectionWarning {
  readonly text: string;
  /** A selection that probably does what the user intends, in all of the datacenters. */
  readonly fix?: TargetSelection;
}

/** Warnings about the expressions of a selection. Selections from lists are exact and have none. */
export function selectionWarnings(
  { datacenters, settings }: ChoiceSession,
  selection: TargetSelection,
): SelectionWarning[] {
  if (!hasExpression(selection)) return [];
  const labels = new Map(
    datacenters.all.flatMap((datacenter) =>
      datacenter.nodes.map((node) => [node, datacenters.label(datacenter, node.name)] as const),
    ),
  );
  const budget = filterBudget(payloadSize(settings.prefix));
  const hazards = findHazards([...labels.keys()], selection, budget).filter(
    // attentionWarnings judges the nodes that are selected.
    ({ kind }) => kind !== 'servers' && kind !== 'failing',
  );
  const warnings = hazards.map((hazard): SelectionWarning => {
    const text = plainLabel(hazardMessage(hazard, (node) => labels.get(node) ?? node.name));
    return hazard.fix ? { text, fix: hazard.fix } : { text };
  });
  const unmatched = datacenters.all
    .filter(({ nodes }) => selectTargets(selection, nodes).reached.length === 0)
    .map(({ datacenter }) => datacenter);
  if (unmatched.length > 0 && unmatched.length < datacenters.all.length) {
    warnings.push({ text: vscode.l10n.t('Matches no node in {0}.', unmatched.join(', ')) });
  }
  return warnings;
}

/** Warnings about selected nodes that need care, however they were selected. */
export function attentionWarnings(selected: readonly TargetNode[]): string[] {
  const labels = new Map(selected.map(({ node, label }) => [node, label]));
  const nodes = [...labels.keys()];
  const hazards = [
    { kind: 'servers', nodes: nodes.filter(({ isServer }) => isServer) },
    { kind: 'failing', nodes: nodes.filter(({ failing }) => failing.length > 0) },
  ] as const;
  return hazards
    .filter((hazard) => hazard.nodes.length > 0)
    .map((hazard) => plainLabel(hazardMessage(hazard, (node) => labels.get(node) ?? node.name)));
}

/** `Use service nginx Instead` */
export function fixLabel(fix: TargetSelection): string {
  return vscode.l10n.t({
    message: 'Use {0} Instead',
    args: [plainLabel(describeSelection(fix))],
    comment: ['{0} is a selection of nodes: "service web · tag primary · 3 nodes"'],
  });
}
