import * as vscode from 'vscode';
import type { Choice, Pick } from '../../exec/choice.ts';
import { FilterSyntaxError } from '../../exec/re2.ts';
import { nodeCount } from '../nodeCount.ts';
import { type PickSession } from './pickSession.ts';
import { type Answer, askText, BACK, type Remark, type StepFrame } from '../input/quickInput.ts';

const { Error: WRONG, Info: NOTE, Warning: ODD } = vscode.InputBoxValidationSeverity;

/**
 * Asks for one of the three expressions, telling at every key, and whenever nodes come or go, how
 * many it reaches.
 */
export async function askExpression(
  session: PickSession,
  frame: StepFrame,
  options: {
    readonly prompt: string;
    readonly placeholder: string;
    readonly before: Pick;
    readonly choiceWith: (pick: Pick) => Choice;
  },
): Promise<Answer<Pick>> {
  const judge = (expression: string): Remark => {
    try {
      const choice = options.choiceWith({ kind: 'matching', expression });
      const reached = session.sites.count(choice);
      if (reached === 0) {
        return { message: vscode.l10n.t('Reaches no node.'), severity: ODD };
      }
      return {
        message: vscode.l10n.t(
          'Reaches {0} of {1}.',
          reached,
          nodeCount(session.sites.nodes.length),
        ),
        severity: NOTE,
      };
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      return { message: error.message, severity: WRONG };
    }
  };
  const { before, prompt, placeholder } = options;
  const value = before.kind === 'matching' ? before.expression : '';
  const answer = await askText(
    { ...frame, canGoBack: true },
    {
      prompt,
      placeholder,
      value,
      judge,
      empty: vscode.l10n.t('Type an expression first, or go back for the other choices.'),
      live: session.sites,
    },
  );
  return answer === undefined || answer === BACK
    ? answer
    : { kind: 'matching', expression: answer };
}
