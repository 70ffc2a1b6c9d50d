import * as vscode from 'vscode';
import { nodesWithNewOutput } from '../../runs/grouping/nodesWithNewOutput.ts';
import type { Run } from '../../runs/run.ts';
import { describeProgress, hasNoResponse } from '../../runs/text/stateText.ts';
import { commands } from '../base/contributions.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import { reportError } from '../base/reportError.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { ShownRamps } from '../rollout/shownRamps.ts';
import { stepOf, type StepServices } from '../runs/stepOf.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';

interface StepEndServices extends StepServices {
  readonly loader: RunLoader;
  readonly viewOptions: RunsViewOptions;
  readonly ramps: ShownRamps;
  readonly log: vscode.LogOutputChannel;
}

/**
 * When a step ends, shows how it compares with the earlier steps and offers the next step: nothing runs
 * on more nodes until the user confirms.
 */
export function notifyStepEnd(services: StepEndServices): vscode.Disposable {
  const { runs, ramps, log } = services;
  return runs.onDidChange(({ run, event }) => {
    // notifyRunProblems shows runs that failed or got no response.
    if (event.kind !== 'finished' || event.reason !== undefined) return;
    // notifyRamp shows steps that start on their own.
    if (hasNoResponse(run.ledger) || ramps.has(run.info.id)) return;
    void offerNextStep(services, run).catch((error: unknown) => reportError(error, log));
  });
}

async function offerNextStep(services: StepEndServices, run: Run): Promise<void> {
  const { info, ledger } = run;
  const step = stepOf(services, info.id);
  if (!step) return;
  const progress = describeProgress(ledger);
  const text = [
    vscode.l10n.t('{0}: step {1} of {2} finished, {3}.', info.title, step.step, step.of, progress),
    newOutputMessage(await countNewOutput(services, run)),
  ]
    .filter(Boolean)
    .join(' ');
  const { length: waiting } = step.waiting;
  const proceed =
    waiting === 1 ? vscode.l10n.t('Run on 1 node…') : vscode.l10n.t('Run on {0} nodes…', waiting);
  const show = ledger.succeeded ? showInfo : showWarning;
  const pressed = await show(text, ...(waiting > 0 ? [proceed] : []));
  if (pressed !== proceed) return;
  const listed = services.runs.find(info.id);
  if (listed) await executeCommand(commands.runNextStep, { kind: 'run', listed });
}

function newOutputMessage(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? vscode.l10n.t('1 node gave different output than in earlier steps.')
    : vscode.l10n.t('{0} nodes gave different output than in earlier steps.', count);
}

/** How many nodes have output that no node had in the earlier steps, without ignored differences. */
async function countNewOutput(
  { runs, loader, viewOptions, steps }: StepEndServices,
  run: Run,
): Promise<number> {
  const groupsOf = async ({ groupings, ledger }: Run) =>
    (await groupings.ignoring(viewOptions.ignored)).groups(ledger);
  const before = [];
  for (const id of steps.of(run.info.id)?.earlier ?? []) {
    const listed = runs.find(id);
    if (listed) before.push(...(await groupsOf(await loader.load(listed))));
  }
  if (before.length === 0) return 0;
  return nodesWithNewOutput(await groupsOf(run), before).length;
}
