import { t } from '@vscode/l10n';
import { joinNames } from '../../base/joinNames.ts';
import type { HoldReason, Ramp, Shortfall } from '../../exec/ramp/ramp.ts';
import type { RampRule } from '../../exec/ramp/rampRule.ts';
import { describeDuration, describeStatusCount } from './stateText.ts';

const ORDER: readonly Shortfall[] = ['failed', 'lost', 'unknown', 'noResponse', 'different'];

/** `3 failed, 1 with different output`; empty if no node counts. */
function describeShortfalls(shortfalls: ReadonlyMap<Shortfall, number>): string {
  return ORDER.flatMap((shortfall) => {
    const count = shortfalls.get(shortfall) ?? 0;
    if (count === 0) return [];
    return shortfall === 'different'
      ? t({
          message: '{0} with different output',
          args: [count],
          comment: ['A number of nodes, as in "2 failed, 1 with different output"'],
        })
      : describeStatusCount(shortfall, count);
  }).join(', ');
}

/** A ramp in the row of its latest run: `step 2 of 5 · next in 20 s`. @param now by the ramp's clock */
export function rampLabel(ramp: Ramp, now: number): string {
  const { phase, step } = ramp;
  const of = ramp.steps.length;
  switch (phase.kind) {
    case 'running':
      return step < of
        ? t('step {0} of {1}, continues on its own', step, of)
        : t('step {0} of {1}', step, of);
    case 'pausing':
      return t('step {0} of {1} · next in {2} s', step, of, secondsUntil(phase.until, now));
    case 'held':
      return phase.hold.why === 'asks'
        ? t('step {0} of {1} · waits for confirmation', step, of)
        : t('step {0} of {1} · paused', step, of);
    case 'ended':
      switch (phase.end) {
        case 'done':
          return t('step {0} of {1}', step, of);
        case 'budget':
          return t('stopped after step {0} of {1}: {2}', step, of, budgetLabel(ramp));
        case 'user':
        case 'unsure':
          return t('step {0} of {1} · stopped', step, of);
      }
  }
}

function secondsUntil(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000));
}

function budgetLabel(ramp: Ramp): string {
  return t('{0}, budget {1}', describeShortfalls(ramp.shortfalls), ramp.rule.budget);
}

/** Why a ramp that has ended starts nothing further, in a sentence. */
export function rampEndMessage(ramp: Ramp): string {
  const { phase, step } = ramp;
  const of = ramp.steps.length;
  switch (phase.kind === 'ended' ? phase.end : 'user') {
    case 'done':
      return [t('All {0} steps finished.', of), shortfallsMessage(ramp), skippedMessage(ramp)]
        .filter(Boolean)
        .join(' ');
    case 'budget':
      return t(
        'Stopped after step {0} of {1}: {2}, the budget is {3}.',
        step,
        of,
        describeShortfalls(ramp.shortfalls),
        ramp.rule.budget,
      );
    case 'user':
      return t('Stopped after step {0} of {1}. Nothing further starts.', step, of);
    case 'unsure':
      return t(
        'The window closed while step {0} of {1} started. See in the Runs view whether it ran, then run the job on the remaining nodes.',
        step,
        of,
      );
  }
}

function shortfallsMessage(ramp: Ramp): string {
  const counted = describeShortfalls(ramp.shortfalls);
  return counted === ''
    ? ''
    : t('Errors within the budget of {0}: {1}.', ramp.rule.budget, counted);
}

/** Names the nodes that were gone; empty if there are none. */
export function skippedMessage({ skipped }: Pick<Ramp, 'skipped'>): string {
  if (skipped.length === 0) return '';
  return t('Skipped, because the catalog no longer lists them: {0}.', joinNames(skipped));
}

/** Why a ramp waits for the user, in a sentence. */
export function holdMessage(ramp: Ramp): string {
  const { phase, step } = ramp;
  const of = ramp.steps.length;
  const hold = phase.kind === 'held' ? phase.hold : undefined;
  return describeHold(hold?.why ?? 'user', hold?.problem, step, of);
}

function describeHold(
  why: HoldReason,
  problem: string | undefined,
  step: number,
  of: number,
): string {
  switch (why) {
    case 'planned':
    case 'user':
      return t('Paused after step {0} of {1}.', step, of);
    case 'reload':
      return t(
        'Paused after step {0} of {1}, because the window was closed or reloaded.',
        step,
        of,
      );
    case 'asks':
      return t('Step {0} of {1} finished. Confirm the next step.', step, of);
    case 'cut':
      return t(
        'Paused after step {0} of {1}, because it lost contact with Consul. Check its results before you continue.',
        step,
        of,
      );
    case 'problem':
      return t('Paused after step {0} of {1}: {2}', step, of, problem ?? '');
  }
}

function budgetRule(budget: number): string {
  if (budget === 0) return t('Nothing further starts after the first node with an error.');
  return budget === 1
    ? t('Nothing further starts when more than 1 node has errors.')
    : t('Nothing further starts when more than {0} nodes have errors.', budget);
}

/** What the user confirms before the first step, one sentence in each line. */
export function describeRule(rule: RampRule): string[] {
  const { counts, budget, pauseMs, asks } = rule;
  return [
    asks
      ? t('This is a production connection, so you confirm each later step.')
      : pauseMs > 0
        ? t(
            'Each later step starts on its own, {0} after the one before.',
            describeDuration(pauseMs),
          )
        : t('Each later step starts on its own as soon as the one before has finished.'),
    ...(counts.failed || counts.noResult || counts.different
      ? [budgetRule(budget)]
      : [t('Errors do not stop the steps.')]),
    ...(counts.failed ? [t('Failed nodes count as errors.')] : []),
    ...(counts.noResult ? [t('Nodes with no response, lost, or not known count as errors.')] : []),
    ...(counts.different
      ? [t('Nodes whose output differs from the first step count as errors.')]
      : []),
  ];
}
