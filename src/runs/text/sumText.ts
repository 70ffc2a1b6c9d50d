import { t } from '@vscode/l10n';
import type { RunEnd } from '../../exec/events/runEvent.ts';
import type { Counts } from '../model/ledger.ts';
import type { NodeStatus } from '../model/nodeStatus.ts';
import { describeStatusCount, PROBLEMS, SUMMARY_ORDER } from './stateText.ts';

/** What the sum over the steps of a run needs of one of them. */
export interface StepResult {
  readonly counts: Counts;
  /** Why it ended; undefined while it is running, and if it was interrupted. */
  readonly end: RunEnd | undefined;
}

/** Steps in a line: `2 failed · 9 of 12 done · 3 running` while one is running, their counts afterwards. */
export function describeSum(steps: readonly StepResult[], isRunning: boolean): string {
  const parts = isRunning
    ? [countsLabel(steps, PROBLEMS), doneLabel(steps), countsLabel(steps, ['running', 'waiting'])]
    : [...endLabels(steps), countsLabel(steps, SUMMARY_ORDER)];
  return parts.filter(Boolean).join(' · ');
}

function doneLabel(steps: readonly StepResult[]): string {
  const counts = steps.map((step) => step.counts);
  const all = counts.flatMap((one) => Object.values(one));
  return t('{0} of {1} done', sum(counts.map(({ ok, failed }) => ok + failed)), sum(all));
}

/** How steps ended, where their counts alone do not say it. */
function endLabels(steps: readonly StepResult[]): string[] {
  const ends = new Set(steps.map(({ end }) => end));
  return [
    ends.has('stopped') ? t('stopped') : '',
    ends.has('sessionLost') ? t('session lost') : '',
    ends.has('unreachable') ? t('lost contact with Consul') : '',
  ];
}

/** `1 failed · 11 ok`, without zeros. Nodes of a step that was stopped are not lost: they are left alone. */
function countsLabel(steps: readonly StepResult[], statuses: readonly NodeStatus[]): string {
  const stopped = steps.filter(({ end }) => end === 'stopped');
  const others = steps.filter(({ end }) => end !== 'stopped');
  return statuses
    .flatMap((status) => {
      const count = (of: readonly StepResult[]) => sum(of.map(({ counts }) => counts[status]));
      if (status !== 'lost' && status !== 'noResponse') {
        return count(steps) > 0 ? describeStatusCount(status, count(steps)) : [];
      }
      return [
        count(others) > 0 ? describeStatusCount(status, count(others)) : '',
        count(stopped) > 0 ? describeStatusCount(status, count(stopped), 'stopped') : '',
      ];
    })
    .filter(Boolean)
    .join(' · ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
