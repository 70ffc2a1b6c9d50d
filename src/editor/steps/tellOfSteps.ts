import * as vscode from 'vscode';
import { answeredOtherwise } from '../../runs/answeredOtherwise.ts';
import type { Run } from '../../runs/run.ts';
import { describeProgress, nobodyAnswered } from '../../runs/wording.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { runOn } from '../nodeCount.ts';
import { tell, tellWarning } from '../notify.ts';
import { reportError } from '../reportError.ts';
import { stepOf } from './stepOf.ts';

/**
 * When a step of a run is over, says how it went against the steps before, and asks whether to go on:
 * nothing runs on the next nodes until the user says so.
 */
export function tellOfSteps(app: App): vscode.Disposable {
  return app.runs.onDidChange(({ run, event }) => {
    // Of runs that broke off or nobody answered, another notification tells.
    if (event.kind !== 'finished' || event.reason !== undefined) return;
    if (nobodyAnswered(run.ledger)) return;
    void tellOfStep(app, run).catch((error: unknown) => reportError(error, app.log));
  });
}

async function tellOfStep(app: App, run: Run): Promise<void> {
  const { info, ledger } = run;
  const step = stepOf(app, info.id);
  if (!step) return;
  const others = await otherwise(app, run);
  const waiting = step.waiting.length;
  const text = [
    vscode.l10n.t(
      '{0}: step {1} of {2} is over, {3}.',
      info.title,
      step.step,
      step.of,
      describeProgress(ledger),
    ),
    others === 0
      ? ''
      : others === 1
        ? vscode.l10n.t('1 node answered otherwise than those of the steps before.')
        : vscode.l10n.t('{0} nodes answered otherwise than those of the steps before.', others),
  ]
    .filter(Boolean)
    .join(' ');
  const go = vscode.l10n.t('{0}…', runOn(waiting));
  const say = ledger.succeeded ? tell : tellWarning;
  const chosen = await say(text, ...(waiting > 0 ? [go] : []));
  if (chosen !== go) return;
  const listed = app.runs.find(info.id);
  if (listed) await vscode.commands.executeCommand(commands.runNextStep, { kind: 'run', listed });
}

/** How many nodes answered as none did in the earlier steps; differences that are ignored are none. */
async function otherwise({ runs, look, steps }: App, run: Run): Promise<number> {
  const groupsOf = async ({ groupings, ledger }: Run) =>
    (await groupings.ignoring(look.ignored)).groups(ledger);
  const before = [];
  for (const id of steps.of(run.info.id)?.earlier ?? []) {
    const listed = runs.find(id);
    if (listed) before.push(...(await groupsOf(await runs.load(listed))));
  }
  if (before.length === 0) return 0;
  return answeredOtherwise(await groupsOf(run), before).length;
}
