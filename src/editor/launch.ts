import * as vscode from 'vscode';
import { readInventory } from '../consul/inventory.ts';
import type { Choice } from '../exec/choice.ts';
import { describeChoice } from '../exec/choice.ts';
import { encodeJob, requireFits } from '../exec/job.ts';
import type { Run } from '../runs/run.ts';
import { describeProgress } from '../runs/wording.ts';
import type { App } from './app.ts';
import type { NamedJob } from './commands/scriptSource.ts';
import { confirmRun } from './confirm.ts';
import { views } from './contributions.ts';
import { readLastChoice, rememberChoice } from './lastChoice.ts';
import { chooseTargets } from './pick/chooseTargets.ts';
import { UserError } from './reportError.ts';
import { readRunSettings } from './settings.ts';

/**
 * From a job to a run: connects, lets the user choose and review the targets, confirms, starts.
 * Every way a job can be asked for ends here, so that none goes around the review.
 * @param start a choice to begin the review with, for running again
 */
export async function launch(
  app: App,
  { job, title }: NamedJob,
  start?: Choice,
): Promise<Run | undefined> {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      vscode.l10n.t('Runs are off in a restricted window. Trust the workspace to run on nodes.'),
    );
  }
  const settings = readRunSettings();
  const connection = await app.connections.open();
  requireFits(job, encodeJob(job, settings.quietMs), connection.self?.kvMaxValueSize);
  const nodes = await vscode.window.withProgress({ location: { viewId: views.runs } }, () =>
    readInventory(connection.consul),
  );
  const last = readLastChoice(app.state);
  const chosen = await chooseTargets({ connection, job, settings, nodes, last }, start);
  if (!chosen) return undefined;
  const { targets, announcements, choice } = chosen;
  const place = connection.datacenter || connection.name;
  if (!(await confirmRun({ job, targets, place, always: false }))) return undefined;
  await rememberChoice(app.state, choice);
  const { run, ended } = app.runs.start({
    connection,
    title,
    choice: describeChoice(choice),
    request: {
      job,
      announcements,
      targets,
      options: { ...settings, kvLimit: connection.self?.kvMaxValueSize },
    },
  });
  void followWithProgress(app, run, ended);
  return run;
}

/** Progress in the view and, with a way to stop, in a notification once the run takes long. */
async function followWithProgress(app: App, run: Run, ended: Promise<void>): Promise<void> {
  const LONG_MS = 3000;
  const soon = await Promise.race([
    ended.then(() => true),
    new Promise<false>((resolve) => setTimeout(resolve, LONG_MS, false)),
  ]);
  if (soon) return;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: run.info.title,
      cancellable: true,
    },
    async (progress, token) => {
      const report = () => progress.report({ message: describeProgress(run.ledger) });
      const timer = setInterval(report, 500);
      const subscription = token.onCancellationRequested(() => app.runs.stop(run));
      report();
      await ended.finally(() => {
        clearInterval(timer);
        subscription.dispose();
      });
    },
  );
}
