import * as vscode from 'vscode';
import { parseSteps, StepsError } from '../../exec/steps.ts';
import { nodeCount } from '../nodeCount.ts';
import {
  type Answer,
  askText,
  BACK,
  pickOne,
  type Remark,
  separator,
  type ValueItem,
} from '../input/quickInput.ts';
import { frameOf, type PickSession } from './pickSession.ts';

const USUAL = ['1', '1, 10%', '1, 10%, 50%', '10%'];
const { Error: WRONG, Info: NOTE } = vscode.InputBoxValidationSeverity;

/**
 * Asks in which steps to run.
 * @param count how many nodes are to run
 * @returns how many nodes run in each step
 */
export async function askSteps(session: PickSession, count: number): Promise<Answer<number[]>> {
  const frame = frameOf(session, 4, vscode.l10n.t('Run in Steps'));
  for (;;) {
    const answer = await pickOne<number[] | 'other'>(
      frame,
      vscode.l10n.t('How many are to run first? You decide after each step whether to go on'),
      () => rows(count),
    );
    if (answer !== 'other') return answer;
    const typed = await askText(frame, {
      prompt: vscode.l10n.t(
        'How many nodes are to have run after each step: numbers or percentages. The rest comes last.',
      ),
      placeholder: '1, 5, 20%',
      empty: vscode.l10n.t('Type at least one number, such as 1.'),
      value: '',
      judge: (text) => judge(text, count),
    });
    if (typed !== BACK) return typed === undefined ? undefined : parseSteps(typed, count);
  }
}

function rows(count: number): (ValueItem<number[] | 'other'> | vscode.QuickPickItem)[] {
  const plans = new Map<string, number[]>();
  for (const text of USUAL) {
    const sizes = parseSteps(text, count);
    if (sizes.length > 1) plans.set(sizes.join(), sizes);
  }
  return [
    ...[...plans.values()].map((sizes) => ({
      label: describeSizes(sizes),
      iconPath: new vscode.ThemeIcon('list-ordered'),
      value: sizes,
    })),
    separator(vscode.l10n.t('by numbers of your own')),
    {
      label: vscode.l10n.t('Other steps…'),
      iconPath: new vscode.ThemeIcon('edit'),
      value: 'other',
    },
  ];
}

function judge(text: string, count: number): Remark {
  try {
    return { message: describeSizes(parseSteps(text, count)), severity: NOTE };
  } catch (error) {
    if (!(error instanceof StepsError)) throw error;
    return { message: error.message, severity: WRONG };
  }
}

/** `1 node, then 3, then 36`. */
function describeSizes([first = 0, ...later]: readonly number[]): string {
  return later.reduce((text, size) => vscode.l10n.t('{0}, then {1}', text, size), nodeCount(first));
}
