import * as vscode from 'vscode';
import { DurationError } from '../../../consul/duration.ts';
import {
  parseBudget,
  parsePause,
  type RampRule,
  RampRuleError,
} from '../../../exec/ramp/rampRule.ts';
import { describeDuration } from '../../../runs/text/stateText.ts';
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
import type { PickSession } from '../session/pickSession.ts';

const { Error: ERROR, Info: INFO } = vscode.InputBoxValidationSeverity;
/** Time to read how a step went, and to pause the steps. */
const DEFAULT_PAUSE_MS = 10_000;

type Change = 'accept' | 'budget' | 'pause' | keyof RampRule['counts'];

/**
 * Asks what stops steps that start on their own. Without changes, the first error does.
 * @param count number of nodes of all steps
 * @param steps the steps in words
 */
export async function askRampRule(
  { connection }: PickSession,
  frame: StepFrame,
  count: number,
  steps: string,
): Promise<Answer<RampRule>> {
  let rule: RampRule = {
    budget: 0,
    counts: { failed: true, noResult: true, different: true },
    pauseMs: DEFAULT_PAUSE_MS,
    asks: connection.production && connection.profile?.rampWithoutAsking !== true,
  };
  for (;;) {
    const placeholder = vscode.l10n.t('Check the rule for these steps, or change it');
    const answer = await pickOne<Change>(frame, placeholder, () => ruleRows(rule, count, steps));
    if (answer === undefined || answer === BACK) return answer;
    if (answer === 'accept') return rule;
    const changed = await changeRule(frame, rule, answer, count);
    if (changed === undefined) return undefined;
    if (changed !== BACK) rule = changed;
  }
}

async function changeRule(
  frame: StepFrame,
  rule: RampRule,
  change: Exclude<Change, 'accept'>,
  count: number,
): Promise<Answer<RampRule>> {
  switch (change) {
    case 'budget': {
      const text = await askBudget(frame, rule.budget, count);
      if (text === undefined || text === BACK) return text;
      return { ...rule, budget: parseBudget(text, count) };
    }
    case 'pause': {
      const text = await askPause(frame, rule.pauseMs);
      if (text === undefined || text === BACK) return text;
      return { ...rule, pauseMs: parsePause(text) };
    }
    default:
      return { ...rule, counts: { ...rule.counts, [change]: !rule.counts[change] } };
  }
}

function ruleRows(
  { budget, counts, pauseMs, asks }: RampRule,
  count: number,
  steps: string,
): (ValueItem<Change> | vscode.QuickPickItem)[] {
  const pauseRow: ValueItem<Change> = {
    label: vscode.l10n.t('Pause Between Steps: {0}', describeDuration(pauseMs)),
    iconPath: new vscode.ThemeIcon('watch'),
    value: 'pause',
  };
  return [
    {
      label: vscode.l10n.t('Continue with This Rule'),
      iconPath: new vscode.ThemeIcon('play'),
      description: asks
        ? vscode.l10n.t('{0}; you confirm each step, since this is production', steps)
        : steps,
      value: 'accept',
    },
    separator(vscode.l10n.t('nothing further starts when more nodes than this have errors')),
    {
      label: vscode.l10n.t('Error Budget: {0} of {1}', budget, nodeCountLabel(count)),
      iconPath: new vscode.ThemeIcon('edit'),
      value: 'budget',
    },
    separator(vscode.l10n.t('what counts as an error')),
    countRow('failed', vscode.l10n.t('Failed'), counts.failed),
    countRow('noResult', vscode.l10n.t('No Response, Lost, or Not Known'), counts.noResult),
    countRow('different', vscode.l10n.t('Different Output than the First Step'), counts.different),
    ...(asks ? [] : [separator(vscode.l10n.t('pause')), pauseRow]),
  ];
}

function countRow(
  value: keyof RampRule['counts'],
  label: string,
  isCounted: boolean,
): ValueItem<Change> {
  return {
    label,
    iconPath: new vscode.ThemeIcon(isCounted ? 'check' : 'circle-slash'),
    description: isCounted ? vscode.l10n.t('counts') : vscode.l10n.t("doesn't count"),
    value,
  };
}

function askBudget(frame: StepFrame, budget: number, count: number): Promise<Answer<string>> {
  return askText(frame, {
    prompt: vscode.l10n.t(
      'How many nodes can have errors before nothing further starts, as a count or a percentage of all nodes',
    ),
    placeholder: '2, 5%',
    emptyMessage: vscode.l10n.t('Enter a count or a percentage. Examples: 0, 2, 5%.'),
    value: String(budget),
    validate: (text) =>
      messageOf(() => {
        // A message would hide the question.
        if (text === String(budget)) return undefined;
        const nodes = parseBudget(text, count);
        if (nodes === 0) return vscode.l10n.t('The first error stops the steps.');
        if (nodes === count) return vscode.l10n.t('Errors never stop the steps.');
        return vscode.l10n.t(
          'The steps stop when more than {0} have errors.',
          nodeCountLabel(nodes),
        );
      }),
  });
}

function askPause(frame: StepFrame, pauseMs: number): Promise<Answer<string>> {
  return askText(frame, {
    prompt: vscode.l10n.t('How long to wait after each step before the next one starts'),
    placeholder: '30s',
    emptyMessage: vscode.l10n.t('Enter a duration. Example: 30s.'),
    value: `${pauseMs / 1000}s`,
    validate: (text) =>
      messageOf(() => {
        parsePause(text);
        return undefined;
      }),
  });
}

/** @param read what a text means, if that needs words. @throws RampRuleError, DurationError */
function messageOf(read: () => string | undefined): InputMessage | undefined {
  try {
    const message = read();
    return message === undefined ? undefined : { message, severity: INFO };
  } catch (error) {
    if (!(error instanceof RampRuleError || error instanceof DurationError)) throw error;
    return { message: error.message, severity: ERROR };
  }
}
