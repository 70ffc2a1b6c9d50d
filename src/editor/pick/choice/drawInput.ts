import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { drawNodes, newSeed, parseDraw } from '../../../exec/targeting/choice/drawNodes.ts';
import { withoutLinks } from '../../base/plainLabel.ts';
import {
  type Answer,
  askText,
  BACK,
  type InputMessage,
  type LiveSource,
  type StepFrame,
} from '../../base/quickInput.ts';

const { Error: ERROR, Info: INFO } = vscode.InputBoxValidationSeverity;

/**
 * Asks how many nodes to draw at random, and shows which these are before Enter. The seed is part of the
 * text, so that the same nodes can be drawn again.
 * @param labels of the nodes to draw from
 */
export async function askDraw(
  frame: StepFrame,
  labels: () => readonly string[],
  live: LiveSource,
): Promise<Answer<readonly string[]>> {
  const seed = newSeed();
  const drawn = (text: string) => {
    const all = labels();
    const draw = parseDraw(text, all.length, seed);
    return draw && { ...draw, labels: drawNodes(all, draw) };
  };
  const validate = (text: string): InputMessage => {
    const result = drawn(text);
    if (!result) {
      const message = vscode.l10n.t(
        'Enter a number from 1 to {0}, or a percentage. Example: 5 seed {1}.',
        labels().length,
        seed,
      );
      return { message, severity: ERROR };
    }
    const names = withoutLinks(joinNames(result.labels));
    return {
      message: vscode.l10n.t('{0} of {1}: {2}', result.count, labels().length, names),
      severity: INFO,
    };
  };
  const answer = await askText(
    { ...frame, canGoBack: true },
    {
      prompt: vscode.l10n.t(
        'How many nodes, or how many percent? The same seed draws the same nodes again.',
      ),
      placeholder: '5',
      value: `1 seed ${seed}`,
      validate,
      emptyMessage: vscode.l10n.t('Enter a number of nodes, or go back for the other choices.'),
      live,
      // Typing replaces the number, and leaves the seed.
      selection: [0, 1],
    },
  );
  return answer === undefined || answer === BACK ? answer : drawn(answer)?.labels;
}
