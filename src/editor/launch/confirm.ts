import * as vscode from 'vscode';
import { type Job, jobText } from '../../exec/job.ts';
import { shorten } from '../../exec/shorten.ts';
import { displayLine, displayName } from '../../runs/displayText.ts';
import { runOn } from '../nodeCount.ts';
import { ask } from '../notify.ts';
import { ownSetting } from '../settings.ts';

const SHOWN_LINES = 8;
const LONGEST_LINE = 120;
const SHOWN_NAMES = 10;

export interface ToConfirm {
  readonly job: Job;
  readonly targets: readonly string[];
  /** `dc1`, or `production (dc1)`. */
  readonly place: string;
  /** Ask however few nodes there are. */
  readonly always: boolean;
}

/**
 * Asks before a run on many nodes, or on a production connection. The limit is a setting of the
 * user's: no workspace can raise it (scope application).
 * @returns whether to go on
 */
export async function confirmRun({ job, targets, place, always }: ToConfirm): Promise<boolean> {
  if (!always && targets.length <= ownSetting('confirmAbove')) return true;
  const run = runOn(targets.length);
  const question =
    targets.length === 1
      ? vscode.l10n.t('Run on 1 node in {0}?', place)
      : vscode.l10n.t('Run on {0} nodes in {1}?', targets.length, place);
  const detail = [excerpt(job), '', nameList(targets)].join('\n');
  return ask(question, detail, run);
}

function excerpt(job: Job): string {
  const lines = jobText(job)
    .trimEnd()
    .split('\n')
    .map((line) => displayLine(shorten(line, LONGEST_LINE)));
  const rest = lines.length - SHOWN_LINES;
  if (rest <= 0) return lines.join('\n');
  return [
    ...lines.slice(0, SHOWN_LINES),
    rest === 1 ? vscode.l10n.t('… and 1 more line') : vscode.l10n.t('… and {0} more lines', rest),
  ].join('\n');
}

function nameList(targets: readonly string[]): string {
  const names = targets.slice(0, SHOWN_NAMES).map(displayName).join(', ');
  const rest = targets.length - SHOWN_NAMES;
  return rest > 0 ? vscode.l10n.t('{0} and {1} more', names, rest) : names;
}
