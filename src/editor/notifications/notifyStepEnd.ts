import * as vscode from 'vscode';
import type { OutputGroup } from '../../runs/grouping/outputGrouping.ts';
import { nodesWithNewOutput } from '../../runs/grouping/nodesWithNewOutput.ts';
import type { Run } from '../../runs/run.ts';
import { describeProgress, hasNoResponse } from '../../runs/text/stateText.ts';
import { commands, views } from '../base/contributions.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import { reportError } from '../base/reportError.ts';
import { openDiff } from '../compare/openDiff.ts';
import { groupSide, nodeSide, type Side } from '../compare/side.ts';
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
  const news = await newOutput(services, run);
  const text = [
    vscode.l10n.t('{0}: step {1} of {2} finished, {3}.', info.title, step.step, step.of, progress),
    newOutputMessage(news.nodes.length),
  ]
    .filter(Boolean)
    .join(' ');
  const { length: waiting } = step.waiting;
  const proceed =
    waiting === 1 ? vscode.l10n.t('Run on 1 node…') : vscode.l10n.t('Run on {0} nodes…', waiting);
  const compare = vscode.l10n.t('Show Differences');
  const look = vscode.l10n.t('Show Runs View');
  const next = waiting > 0 ? [proceed] : [];
  const comparing = news.diff ? [compare] : [];
  // The first button is the one that stands out. After a failure, that is not the next step.
  const pressed = ledger.succeeded
    ? await showInfo(text, ...next, ...comparing)
    : await showWarning(text, ...(news.diff ? comparing : [look]), ...next);
  if (pressed === compare && news.diff) await openDiff(...news.diff);
  if (pressed === look) await vscode.commands.executeCommand(`${views.runs}.focus`);
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

/** What no node of the earlier steps had. */
interface NewOutput {
  readonly nodes: readonly string[];
  /** The most common output of the earlier steps, and that of the first of the nodes. */
  readonly diff?: readonly [Side, Side];
}

/** Which nodes have output that no node had in the earlier steps, without ignored differences. */
async function newOutput(
  { runs, loader, viewOptions, steps }: StepEndServices,
  run: Run,
): Promise<NewOutput> {
  const groupsOf = async ({ groupings, ledger }: Run) =>
    (await groupings.ignoring(viewOptions.ignored)).groups(ledger);
  const before: { readonly run: Run; readonly group: OutputGroup }[] = [];
  for (const id of steps.of(run.info.id)?.earlier ?? []) {
    const listed = runs.find(id);
    if (!listed) continue;
    const earlier = await loader.load(listed);
    for (const group of await groupsOf(earlier)) before.push({ run: earlier, group });
  }
  const [first, ...others] = before;
  if (!first) return { nodes: [] };
  const known = before.map(({ group }) => group);
  const nodes = nodesWithNewOutput(await groupsOf(run), known);
  const [node] = nodes;
  if (node === undefined) return { nodes };
  const common = others.reduce(
    (most, one) => (one.group.nodes.length > most.group.nodes.length ? one : most),
    first,
  );
  return { nodes, diff: [groupSide(common.run, common.group.nodes), nodeSide(run, node)] };
}
