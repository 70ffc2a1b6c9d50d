import * as vscode from 'vscode';
import type { TargetSelection, FieldSelection } from '../../../exec/targeting/targetSelection.ts';
import { joinNames } from '../../../base/joinNames.ts';
import { FilterSyntaxError } from '../../../exec/targeting/re2.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { withoutLinks } from '../../base/plainLabel.ts';
import { type PickSession } from '../session/pickSession.ts';
import {
  type Answer,
  askText,
  BACK,
  type InputMessage,
  type StepFrame,
} from '../../base/quickInput.ts';

const { Error: ERROR, Info: INFO, Warning: WARNING } = vscode.InputBoxValidationSeverity;

interface ExpressionInput {
  readonly prompt: string;
  readonly placeholder: string;
  /** The current selection; an expression in it is filled in. */
  readonly current: FieldSelection;
  readonly selectionWith: (field: FieldSelection) => TargetSelection;
}

/**
 * Asks for a service, tag, or node expression. Shows how many nodes it reaches, on every key and
 * whenever the nodes change.
 */
export async function askExpression(
  session: PickSession,
  frame: StepFrame,
  { prompt, placeholder, current, selectionWith }: ExpressionInput,
): Promise<Answer<FieldSelection>> {
  const toField = (expression: string): FieldSelection => ({ kind: 'matching', expression });
  const answer = await askText(
    { ...frame, canGoBack: true },
    {
      prompt,
      placeholder,
      value: current.kind === 'matching' ? current.expression : '',
      validate: (expression) => matchMessage(session, selectionWith(toField(expression))),
      emptyMessage: vscode.l10n.t('Enter an expression, or go back for the other choices.'),
      live: session.datacenters,
    },
  );
  return answer === undefined || answer === BACK ? answer : toField(answer);
}

/** How many nodes a selection with an expression reaches, or why agents refuse the expression. */
export function matchMessage(session: PickSession, selection: TargetSelection): InputMessage {
  try {
    return countMessage(session, session.datacenters.count(selection));
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    return { message: error.message, severity: ERROR };
  }
}

/** @param labels of the nodes that an expression reaches; the message has the first ones */
export function matchedMessage(session: PickSession, labels: readonly string[]): InputMessage {
  if (labels.length === 0) return countMessage(session, 0);
  const total = nodeCountLabel(session.datacenters.nodes.length);
  const names = joinNames(labels);
  const message = vscode.l10n.t('Matches {0} of {1}: {2}.', labels.length, total, names);
  return { message: withoutLinks(message), severity: INFO };
}

function countMessage({ datacenters }: PickSession, reached: number): InputMessage {
  if (reached === 0) return { message: vscode.l10n.t('Matches no node.'), severity: WARNING };
  const total = nodeCountLabel(datacenters.nodes.length);
  return { message: vscode.l10n.t('Matches {0} of {1}.', reached, total), severity: INFO };
}
