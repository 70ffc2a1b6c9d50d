import * as vscode from 'vscode';
import { parseSteps, StepsError } from '../../../exec/run/parseSteps.ts';
import type { RampRule } from '../../../exec/ramp/rampRule.ts';
import { joinNames } from '../../../base/joinNames.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import {
  type Answer,
  askText,
  BACK,
  type InputMessage,
  pickOne,
  separator,
  type StepFrame,
  type ValueItem,
} from '../../base/quickInput.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { askRampRule } from './rampInput.ts';

/** How a run is made in steps. */
export interface StepPlan {
  /** The number of nodes of each step. */
  readonly sizes: readonly number[];
  /** Set if the later steps start on their own. */
  readonly rule?: RampRule;
}

const COMMON_PLANS = ['1', '1, 10%', '1, 10%, 50%', '10%'];
const { Error: ERROR, Info: INFO } = vscode.InputBoxValidationSeverity;

/**
 * Asks for the steps of a run.
 * @param labels of the nodes of all steps, in the order in which they run
 */
export async function askSteps(
  session: PickSession,
  labels: readonly string[],
): Promise<Answer<StepPlan>> {
  const frame = frameOf(session, 4, vscode.l10n.t('Run in Steps'));
  for (;;) {
    const answer = await askSizes(
      frame,
      vscode.l10n.t('How many nodes should run first? You confirm each step.'),
      labels,
      [separator(vscode.l10n.t('without a confirmation for each step')), onTheirOwnRow()],
      session.steps,
    );
    if (answer === undefined || answer === BACK) return answer;
    if (answer !== 'own') return { sizes: answer };
    const plan = await askRamp(session, labels);
    if (plan !== BACK) return plan;
  }
}

/** Asks for steps that start on their own, and for the rule that stops them. */
async function askRamp(session: PickSession, labels: readonly string[]): Promise<Answer<StepPlan>> {
  const frame = frameOf(session, 4, vscode.l10n.t('Run in Steps on Their Own'));
  for (;;) {
    const placeholder = vscode.l10n.t('How many nodes should run first? You set the rule next.');
    const sizes = await askSizes(frame, placeholder, labels, [], session.steps);
    if (sizes === undefined || sizes === BACK || sizes === 'own') return BACK;
    const rule = await askRampRule(session, frame, labels.length, stepsLabel(sizes));
    if (rule === undefined) return undefined;
    if (rule !== BACK) return { sizes, rule };
  }
}

/**
 * @param others further rows; one with the value `own` means steps that start on their own
 * @param asked the steps that the script asks for
 */
async function askSizes(
  frame: StepFrame,
  placeholder: string,
  labels: readonly string[],
  others: readonly (ValueItem<'own'> | vscode.QuickPickItem)[],
  asked: string | undefined,
): Promise<Answer<number[] | 'own'>> {
  const isOwn = others.length === 0;
  const count = labels.length;
  for (;;) {
    const answer = await pickOne<number[] | 'other' | 'own'>(frame, placeholder, () => [
      ...askedRows(asked, labels),
      ...rows(labels),
      ...others,
    ]);
    if (answer !== 'other') return answer;
    const typed = await askText(frame, {
      prompt: vscode.l10n.t(
        'Total nodes after each step, as counts or percentages. The remaining nodes run last.',
      ),
      placeholder: '1, 5, 20%',
      emptyMessage: vscode.l10n.t('Enter at least one number. Example: 1.'),
      value: '',
      validate: (text) => stepsMessage(text, count, isOwn),
    });
    if (typed !== BACK) return typed === undefined ? undefined : parseSteps(typed, count);
  }
}

/** What the script asks for comes first, so that Enter accepts it. */
function askedRows(
  asked: string | undefined,
  labels: readonly string[],
): (ValueItem<number[]> | vscode.QuickPickItem)[] {
  if (asked === undefined) return [];
  const sizes = parseSteps(asked, labels.length);
  return [
    separator(vscode.l10n.t('from the script')),
    {
      label: stepsLabel(sizes),
      description: firstLabel(labels.slice(0, sizes[0])),
      iconPath: new vscode.ThemeIcon('file-code'),
      value: sizes,
    },
    separator(vscode.l10n.t('other steps')),
  ];
}

function onTheirOwnRow(): ValueItem<'own'> {
  return {
    label: vscode.l10n.t('Steps on Their Own…'),
    iconPath: new vscode.ThemeIcon('run-all'),
    description: vscode.l10n.t('one confirmation, an error budget, and a pause between steps'),
    value: 'own',
  };
}

function rows(labels: readonly string[]): (ValueItem<number[] | 'other'> | vscode.QuickPickItem)[] {
  const plans = new Map<string, number[]>();
  for (const text of COMMON_PLANS) {
    const sizes = parseSteps(text, labels.length);
    if (sizes.length > 1) plans.set(sizes.join(), sizes);
  }
  return [
    ...[...plans.values()].map((sizes) => ({
      label: stepsLabel(sizes),
      description: firstLabel(labels.slice(0, sizes[0])),
      iconPath: new vscode.ThemeIcon('list-ordered'),
      value: sizes,
    })),
    separator(vscode.l10n.t('custom numbers')),
    {
      label: vscode.l10n.t('Other Steps…'),
      iconPath: new vscode.ThemeIcon('edit'),
      value: 'other',
    },
  ];
}

/** @param needsSeveral whether a single step is a mistake */
function stepsMessage(text: string, count: number, needsSeveral: boolean): InputMessage {
  try {
    const sizes = parseSteps(text, count);
    if (needsSeveral && sizes.length === 1) {
      const message = vscode.l10n.t('This is a single step. Enter a number below {0}.', count);
      return { message, severity: ERROR };
    }
    return { message: stepsLabel(sizes), severity: INFO };
  } catch (error) {
    if (!(error instanceof StepsError)) throw error;
    return { message: error.message, severity: ERROR };
  }
}

/** Which nodes run it first: a canary is chosen, and the user must see which it is. */
function firstLabel(labels: readonly string[]): string {
  return vscode.l10n.t({
    message: 'first {0}',
    args: [plainLabel(joinNames(labels, 3))],
    comment: ['In a list of steps: {0} are the names of the nodes of the first step'],
  });
}

/** `1 node, then 3, then 36`. */
function stepsLabel([first = 0, ...later]: readonly number[]): string {
  return later.reduce(
    (text, size) =>
      vscode.l10n.t({
        message: '{0}, then {1}',
        args: [text, size],
        comment: ['Adds a step to a list of steps: {0} is "1 node" or "1 node, then 3"; {1} is 36'],
      }),
    nodeCountLabel(first),
  );
}
