import * as vscode from 'vscode';
import { DurationError, parseWait } from '../../../consul/duration.ts';
import type { Guard } from '../../../exec/guard/guardJob.ts';
import { type Answer, askText, BACK, type InputMessage, pickOne } from '../../base/quickInput.ts';
import { guardWithLimit } from '../../base/settings.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';

interface GuardChoice {
  readonly guard: Guard | undefined;
}

const OTHER_LIMIT = Symbol('other');

/** Asks whether this run is guarded, and for how long its job can run. */
export async function askGuard(session: PickSession): Promise<Answer<GuardChoice>> {
  for (;;) {
    const answer = await pickOne<GuardChoice | typeof OTHER_LIMIT>(
      frameOf(session, 4, vscode.l10n.t('Run on Nodes: Guard')),
      vscode.l10n.t('Select how this run is guarded'),
      () => rows(session.guard),
      {
        prompt: vscode.l10n.t(
          'A guarded job runs in a session of its own. Its output stays in a private folder of its node for an hour, so that lost results can be recovered.',
        ),
      },
    );
    if (answer !== OTHER_LIMIT) return answer;
    const limit = await askLimit(session);
    if (limit === undefined) return undefined;
    if (limit !== BACK) return { guard: guardWithLimit(limit) };
  }
}

function rows(current: Guard | undefined) {
  const limits = ['1m', '10m', '1h'].map((limit) => guardWithLimit(limit));
  const isCurrent = (guard: Guard | undefined) =>
    (guard === undefined) === (current === undefined) &&
    guard?.timeLimitSeconds === current?.timeLimitSeconds;
  const offered: (Guard | undefined)[] = [undefined, {}, ...limits];
  if (!offered.some(isCurrent)) offered.push(current);
  return [
    ...offered.map((guard) => ({
      label: guardChoiceLabel(guard),
      ...(isCurrent(guard) && { description: vscode.l10n.t('current') }),
      value: { guard },
    })),
    { label: vscode.l10n.t('Another time limit…'), value: OTHER_LIMIT },
  ] as const;
}

function guardChoiceLabel(guard: Guard | undefined): string {
  if (!guard) return vscode.l10n.t('Not guarded');
  const { timeLimitSeconds: seconds } = guard;
  if (seconds === undefined) return vscode.l10n.t('Guarded, without a time limit');
  return seconds % 60 === 0
    ? vscode.l10n.t('Guarded, ended after {0} min', seconds / 60)
    : vscode.l10n.t('Guarded, ended after {0} s', seconds);
}

function askLimit(session: PickSession): Promise<Answer<string>> {
  const seconds = session.guard?.timeLimitSeconds;
  return askText(frameOf(session, 4, vscode.l10n.t('Run on Nodes: Time Limit')), {
    prompt: vscode.l10n.t('After this time, the job is ended on the node'),
    placeholder: '10m',
    value: seconds === undefined ? '' : `${seconds}s`,
    emptyMessage: vscode.l10n.t('Enter a duration. Example: 10m.'),
    validate: limitMessage,
  });
}

function limitMessage(text: string): InputMessage | undefined {
  try {
    if (parseWait(text) > 0) return undefined;
    const message = vscode.l10n.t('Enter a duration above zero. Example: 10m.');
    return { message, severity: vscode.InputBoxValidationSeverity.Error };
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    return { message: error.message, severity: vscode.InputBoxValidationSeverity.Error };
  }
}
