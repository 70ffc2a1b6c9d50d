import * as vscode from 'vscode';
import { type Job, jobText } from '../../exec/protocol/job.ts';
import type { ParameterValue } from '../../exec/script/parameters/parameter.ts';
import { valueLabel } from '../../exec/script/parameters/valueLabel.ts';
import { markLookAlikeSpaces } from '../../exec/script/lookAlikeSpaces.ts';
import { joinNames } from '../../base/joinNames.ts';
import type { RampRule } from '../../exec/ramp/rampRule.ts';
import { shorten } from '../../base/shorten.ts';
import { literalLine } from '../../runs/text/displayText.ts';
import { describeRule } from '../../runs/text/rampText.ts';
import { runOnLabel } from '../base/nodeCount.ts';
import { ask } from '../base/notify.ts';
import { userSetting } from '../base/settings.ts';

const MAX_LINES = 8;
const MAX_LINE_LENGTH = 120;
const MAX_NAMES = 10;
/** Steps that start on their own are confirmed only once, so more of their nodes are named. */
const MAX_STEP_NAMES = 40;

export interface RunToConfirm {
  readonly job: Job;
  /** The values of the script's parameters. */
  readonly parameters: readonly ParameterValue[];
  readonly targets: readonly string[];
  /** `dc1 · staging` */
  readonly place: string;
  /** Whether an assistant proposes the run. */
  readonly isProposed?: boolean;
  /** Whether to ask for any number of nodes, for many nodes, or not at all. */
  readonly when: 'always' | 'many' | 'never';
}

/**
 * Asks before a run on many nodes, or on a production connection. The limit is a user setting that a
 * workspace can't raise (scope application).
 * @returns whether to start the run
 */
export async function confirmRun(confirmed: RunToConfirm): Promise<boolean> {
  const { targets, place, when } = confirmed;
  const isAsked =
    when === 'always' || (when === 'many' && targets.length > userSetting('confirmAbove'));
  if (!isAsked) return true;
  const run = runOnLabel(targets.length);
  const question =
    targets.length === 1
      ? vscode.l10n.t('Run on 1 node in {0}?', place)
      : vscode.l10n.t('Run on {0} nodes in {1}?', targets.length, place);
  const detail = [jobDetail(confirmed), '', joinNames(targets, MAX_NAMES)].join('\n');
  return ask(question, detail, run);
}

export interface StepsToConfirm extends Pick<
  RunToConfirm,
  'job' | 'parameters' | 'place' | 'isProposed'
> {
  /** Labels of the nodes of each step. */
  readonly steps: readonly (readonly string[])[];
  readonly rule: RampRule;
  /** The services that no other run in steps can have meanwhile; undefined if the connection has no locks. */
  readonly locks: readonly string[] | undefined;
}

/** Asks once for all steps of a run whose later steps start on their own, for any number of nodes. */
export function confirmSteps(confirmed: StepsToConfirm): Promise<boolean> {
  const { steps, place, rule, locks } = confirmed;
  const { length: count } = steps.flat();
  const question = vscode.l10n.t(
    'Run on {0} nodes in {1}, in {2} steps?',
    count,
    place,
    steps.length,
  );
  const names = steps.map((nodes, index) =>
    vscode.l10n.t('Step {0}: {1}', index + 1, joinNames(nodes, MAX_STEP_NAMES)),
  );
  const detail = [jobDetail(confirmed), '', ...names, '', ...describeRule(rule)];
  if (locks) detail.push('', lockLabel(locks));
  return ask(question, detail.join('\n'), vscode.l10n.t('Run in {0} Steps', steps.length));
}

function lockLabel(services: readonly string[]): string {
  return services.length === 0
    ? vscode.l10n.t('No service is selected by name, so other runs in steps can start meanwhile.')
    : vscode.l10n.t(
        'Until they end, no other steps on their own can start on {0} where the connection has locks.',
        joinNames(services, MAX_NAMES),
      );
}

/** The values too, because the assignments can be after the lines that are shown. */
function jobDetail({
  job,
  parameters,
  isProposed,
}: Pick<RunToConfirm, 'job' | 'parameters' | 'isProposed'>): string {
  const values = parameters.map(valueLabel);
  return [
    ...(isProposed ? [vscode.l10n.t('Proposed by an assistant.'), ''] : []),
    jobExcerpt(job),
    ...(values.length > 0 ? ['', ...values] : []),
  ].join('\n');
}

function jobExcerpt(job: Job): string {
  const lines = jobText(job)
    .trimEnd()
    .split('\n')
    .map((line) => literalLine(shorten(markLookAlikeSpaces(line), MAX_LINE_LENGTH)));
  const rest = lines.length - MAX_LINES;
  if (rest <= 0) return lines.join('\n');
  return [
    ...lines.slice(0, MAX_LINES),
    rest === 1 ? vscode.l10n.t('… and 1 more line') : vscode.l10n.t('… and {0} more lines', rest),
  ].join('\n');
}
