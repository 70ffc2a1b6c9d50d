import * as vscode from 'vscode';
import { runSummary } from '../../assistants/answers/runSummary.ts';
import type { PageRequest } from '../../assistants/page.ts';
import type { ToolInput } from '../../assistants/toolInputs.ts';
import { namesTargets } from '../../exec/directive/directive.ts';
import { jobText, jobTitle } from '../../exec/protocol/job.ts';
import { interpreterOfBlock } from '../../exec/runbook/blockLanguage.ts';
import { type Script, scriptJob } from '../../exec/script/script.ts';
import { UserError } from '../base/userError.ts';
import { launchAndFollow } from '../launch/launch.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import type { ProposedRun } from '../pick/session/proposal.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { requireProposable } from './access.ts';
import { directiveOf, openForAssistant } from './chosenTargets.ts';
import { stateOf } from './runAnswers.ts';

/**
 * Opens the review with a script and nodes that an assistant proposes, and waits for what comes of it. The
 * run starts only if the user presses Run there.
 * @param signal aborted if the assistant no longer waits; the review stays open
 * @throws UserError if it can't be proposed
 */
export async function proposeRun(
  services: LaunchServices,
  request: PageRequest,
  input: ToolInput<'propose_run'>,
  signal: AbortSignal,
): Promise<object> {
  const { script, language = 'sh', reason, ...targets } = input;
  const directive = directiveOf(targets);
  if (!namesTargets(directive)) {
    throw new UserError(
      vscode.l10n.t('Say on which nodes: use "service", "nodes", "where", or "set".'),
    );
  }
  // Connecting could ask the user for a secret, out of nowhere.
  requireProposable(await openForAssistant(services.connections));
  requireNoReview(services);
  let opened: ProposedRun | undefined;
  const named = jobOf(script, language);
  const started = await until(
    signal,
    launchAndFollow(services, {
      ...named,
      directive,
      proposal: {
        reason,
        onReview: (proposed) => {
          requireProposable(proposed.connection);
          requireTargets(proposed.targets);
          opened = proposed;
        },
      },
    }),
  );
  if (!started) return { outcome: 'declined' };
  const { listed } = started;
  await until(signal, started.ended);
  const run = await services.loader.load(listed);
  return runSummary(request, run, stateOf(listed, run), {
    outcome: 'ran',
    scriptChanged: !opened || jobText(listed.info.job) !== jobText(opened.job),
    targetsChanged: !opened || !hasSame(listed.info.targets, opened.targets),
  });
}

/** One at a time, and never in the way of what the user is doing. */
function requireNoReview({ launches }: LaunchServices): void {
  if (!launches.isAnyOpen) return;
  throw new UserError(
    vscode.l10n.t(
      'The user is choosing nodes or reviewing a run. Wait until that is done, then propose again.',
    ),
  );
}

function requireTargets(labels: readonly string[]): void {
  if (labels.length > 0) return;
  throw new UserError(
    vscode.l10n.t(
      'No node that can respond matches. Use list_targets to see which nodes there are.',
    ),
  );
}

/** @throws UserError for an empty script */
function jobOf(text: string, language: string): NamedJob {
  if (text.trim() === '') throw new UserError(vscode.l10n.t('The script is empty.'));
  const script: Script = {
    text,
    interpreter: interpreterOfBlock(language, text),
    part: 'block',
    hadCrlf: text.includes('\r\n'),
    // It has the values that the assistant wants. Asking for others would come out of nowhere.
    isFilled: true,
  };
  const job = scriptJob(script);
  return { job, title: jobTitle(job), script };
}

function hasSame(some: readonly string[], others: readonly string[]): boolean {
  const set = new Set(some);
  return set.size === new Set(others).size && others.every((label) => set.has(label));
}

/** @throws UserError when the assistant no longer waits; the work goes on */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const left = Promise.withResolvers<never>();
  const leave = () => {
    left.reject(
      new UserError(
        vscode.l10n.t(
          'No longer waiting for the user. The review stays open; list_runs shows whether it ran.',
        ),
      ),
    );
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
    // Its failure is for whoever waited.
    work.catch(() => undefined);
  }
}
