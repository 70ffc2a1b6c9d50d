import * as vscode from 'vscode';
import {
  type ChoiceOperation,
  combineChoice,
} from '../../../exec/targeting/choice/combineChoice.ts';
import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import { ANY, type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { answerOf, labelsOfAnswer, type NodeAnswer, nodesOfStep } from '../inputs/namedNodes.ts';
import { saveSet } from '../sets/saveSet.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { type Answer, BACK, pickOne, type StepFrame } from '../../base/quickInput.ts';
import { nodeRows, sourceRows } from './nodeRows.ts';
import { askSource, type NodeSource } from './nodeSources.ts';

/**
 * Asks which of the nodes that match the service and tag should run the job.
 * @param selection with an expression or a list of nodes, the step begins where the user entered it
 * @param origin how its nodes were chosen
 */
export async function nodeStep(
  session: PickSession,
  selection: TargetSelection,
  origin: ChoiceOrigin | undefined,
): Promise<Answer<NodeAnswer>> {
  const frame = frameOf(session, 3, vscode.l10n.t('Run on Nodes: Nodes'));
  const input = inputOf(session, selection);
  if (input) {
    const answer = await askSource(input, { session, frame, selection });
    if (answer !== BACK) return answer;
  }
  const current = currentChoice(session, selection);
  for (;;) {
    const row = await pickOne(
      frame,
      vscode.l10n.t('Select nodes'),
      () => nodeRows(session, selection, current),
      { live: session.datacenters },
    );
    if (row === undefined || row === BACK) return row;
    if (row === 'all') return { node: ANY };
    if (row === 'current') return { ...answerWith(session, selection, current), origin };
    if (row === 'save') {
      const saved = await saveSet(session, frame, { selection, labels: current, origin });
      if (saved === undefined) return undefined;
      continue;
    }
    const answer =
      row === 'add' || row === 'remove' || row === 'intersect'
        ? await changeChoice({ session, frame, selection }, row, current)
        : await askSource(row, { session, frame, selection });
    if (answer !== BACK) return answer;
  }
}

/** Nodes of two datacenters can have the same name, so that there is no list of several. */
function inputOf({ datacenters }: PickSession, { node }: TargetSelection): NodeSource | undefined {
  if (node.kind === 'matching') return 'expression';
  return node.kind === 'exactly' && !datacenters.hasSeveral ? 'list' : undefined;
}

/** Labels of the nodes that were chosen before the user came back here. */
function currentChoice(
  { datacenters }: PickSession,
  selection: TargetSelection,
): readonly string[] {
  // In several datacenters, names don't say which nodes were chosen.
  if (selection.node.kind !== 'exactly' || datacenters.hasSeveral) return [];
  return labelsOfAnswer(datacenters, selection, { node: selection.node });
}

/** Asks for other nodes, and adds them to the current ones, removes them, or leaves only these. */
async function changeChoice(
  step: { session: PickSession; frame: StepFrame; selection: TargetSelection },
  operation: ChoiceOperation,
  current: readonly string[],
): Promise<Answer<NodeAnswer>> {
  const { session, frame, selection } = step;
  const labels = new Set(current);
  // There is nothing to add that is chosen already, and nothing else to remove.
  const within = (label: string) => labels.has(label) === (operation !== 'add');
  for (;;) {
    const source = await pickOne<NodeSource>(
      { ...frame, canGoBack: true },
      operationPlaceholder(operation),
      () => sourceRows(session, selection),
      { live: session.datacenters },
    );
    if (source === undefined || source === BACK) return source;
    const answer = await askSource(source, {
      session,
      frame,
      selection: { ...selection, node: ANY },
      within,
    });
    if (answer === undefined) return undefined;
    if (answer === BACK) continue;
    const others = labelsOfAnswer(session.datacenters, selection, answer);
    return answerWith(session, selection, combineChoice(current, operation, others));
  }
}

function operationPlaceholder(operation: ChoiceOperation): string {
  switch (operation) {
    case 'add':
      return vscode.l10n.t('Select which nodes to add');
    case 'remove':
      return vscode.l10n.t('Select which nodes to remove');
    case 'intersect':
      return vscode.l10n.t('Select which nodes to leave chosen');
  }
}

function answerWith(
  { datacenters }: PickSession,
  selection: TargetSelection,
  labels: readonly string[],
): NodeAnswer {
  return answerOf(datacenters, nodesOfStep(datacenters, selection), labels);
}
