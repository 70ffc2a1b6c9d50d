import * as vscode from 'vscode';
import { parseSteps, StepsError } from '../../../exec/run/parseSteps.ts';
import type { RampRule } from '../../../exec/ramp/rampRule.ts';
import type { LabeledNode } from '../../../exec/targeting/choice/onePer.ts';
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
import { askFirstNodes } from './firstNodesInput.ts';
import { askRampRule } from './rampInput.ts';

/** How a run is made in steps. */
export interface StepPlan {
  /** All nodes, in the order in which they run. */
  readonly labels: readonly string[];
  /** The number of nodes of each step. */
  readonly sizes: readonly number[];
  /** Set if the later steps start on their own. */
  readonly rule?: RampRule;
}

const COMMON_PLANS = ['1', '1, 10%', '1, 10%, 50%', '10%'];
/** With first nodes that the user chose. */
const LATER_TOTALS = ['', '10%', '10%, 50%', '50%'];
const { Error: ERROR, Info: INFO } = vscode.InputBoxValidationSeverity;

/** The nodes in the order in which they run. */
interface Order {
  readonly labels: readonly string[];
  /** How many of them the user wants to run first; 0 if that is open. */
  readonly first: number;
}

/**
 * Asks for the steps of a run.
 * @param nodes of all steps, in the order in which they run unless the user chooses who is first
 */
export async function askSteps(
  session: PickSession,
  nodes: readonly LabeledNode[],
): Promise<Answer<StepPlan>> {
  const frame = frameOf(session, 4, vscode.l10n.t('Run in Steps'));
  let order: Order = { labels: nodes.map(({ label }) => label), first: 0 };
  for (;;) {
    const answer = await askSizes(
      frame,
      vscode.l10n.t('How many nodes should run first? You confirm each step.'),
      order,
      [
        separator(vscode.l10n.t('without a confirmation for each step')),
        onTheirOwnRow(),
        separator(vscode.l10n.t('other first nodes')),
        firstNodesRow(),
      ],
      session.steps,
    );
    if (answer === undefined || answer === BACK) return answer;
    if (answer === 'first') {
      const first = await askFirstNodes(frame, nodes);
      if (first === undefined) return undefined;
      if (first !== BACK) order = withFirst(order.labels, first);
    } else if (answer === 'own') {
      const plan = await askRamp(session, order);
      if (plan !== BACK) return plan;
    } else {
      return { labels: order.labels, sizes: answer };
    }
  }
}

function withFirst(labels: readonly string[], first: readonly string[]): Order {
  const chosen = new Set(first);
  const rest = labels.filter((label) => !chosen.has(label));
  return { labels: [...first, ...rest], first: first.length };
}

/** Asks for steps that start on their own, and for the rule that stops them. */
async function askRamp(session: PickSession, order: Order): Promise<Answer<StepPlan>> {
  const frame = frameOf(session, 4, vscode.l10n.t('Run in Steps on Their Own'));
  for (;;) {
    const placeholder = vscode.l10n.t('How many nodes should run first? You set the rule next.');
    const sizes = await askSizes(frame, placeholder, order, [], session.steps);
    if (!Array.isArray(sizes)) return BACK;
    const rule = await askRampRule(session, frame, order.labels.length, stepsLabel(sizes));
    if (rule === undefined) return undefined;
    if (rule !== BACK) return { labels: order.labels, sizes, rule };
  }
}

/**
 * @param others further rows: for steps that start on their own, and for other first nodes
 * @param asked the steps that the script asks for
 */
async function askSizes(
  frame: StepFrame,
  placeholder: string,
  order: Order,
  others: readonly (ValueItem<'own' | 'first'> | vscode.QuickPickItem)[],
  asked: string | undefined,
): Promise<Answer<number[] | 'own' | 'first'>> {
  const isOwn = others.length === 0;
  const count = order.labels.length;
  for (;;) {
    const answer = await pickOne<number[] | 'other' | 'own' | 'first'>(frame, placeholder, () => [
      ...(order.first > 0 ? [] : askedRows(asked, order.labels)),
      ...rows(order),
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

function firstNodesRow(): ValueItem<'first'> {
  return {
    label: vscode.l10n.t('Choose the First Nodes…'),
    iconPath: new vscode.ThemeIcon('checklist'),
    value: 'first',
  };
}

function rows({ labels, first }: Order): (ValueItem<number[] | 'other'> | vscode.QuickPickItem)[] {
  const plans = new Map<string, number[]>();
  const texts = first > 0 ? LATER_TOTALS.map((totals) => `${first}, ${totals}`) : COMMON_PLANS;
  for (const text of texts) {
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
