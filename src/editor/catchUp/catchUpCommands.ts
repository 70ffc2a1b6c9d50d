import * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import { cappedLimits, OutputLimit } from '../../exec/cap/outputLimit.ts';
import type { Run } from '../../runs/run.ts';
import { clockLabel } from '../../runs/text/time.ts';
import { commands } from '../base/contributions.ts';
import { ask } from '../base/notify.ts';
import { plainMessage } from '../base/plainLabel.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { outputLimits, readRunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { returnToConnection } from '../launch/returnToConnection.ts';
import { runAndNodesOf } from '../runsView/runElements.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';

const MINUTE_MS = 60_000;
const MAX_NAMES = 10;

/** Registers the command that waits for nodes which did not respond. */
export function registerCatchUpCommands(services: LaunchServices): vscode.Disposable {
  return registerRunCommand(commands.runWhenReturned, services.log, async (element, elements) => {
    const { run, labels } = await awaitableNodes(services, element, elements);
    await waitForNodes(services, run, labels);
  });
}

/** The nodes of the selected rows, or of the whole run, that surely did not run the job. */
async function awaitableNodes(
  services: LaunchServices,
  element: unknown,
  elements: unknown,
): Promise<{ readonly run: Run; readonly labels: readonly string[] }> {
  const { run, nodes } = await runAndNodesOf(element, elements, services);
  const labels = (nodes ?? run.info.targets).filter(
    (label) => run.ledger.get(label)?.state === 'noResponse' && run.ledger.attempts.isFenced(label),
  );
  if (labels.length === 0) {
    throw new UserError(
      vscode.l10n.t('There is no node here that surely did not run the job, so none can catch up.'),
    );
  }
  return { run, labels };
}

async function waitForNodes(
  services: LaunchServices,
  run: Run,
  labels: readonly string[],
): Promise<void> {
  const { info } = run;
  const { connections, runs, follower } = services;
  requireTrust();
  const listed = runs.find(info.id);
  if (!listed || !(await returnToConnection(connections, info.connection))) return;
  const forMs = await askHowLong();
  if (forMs === undefined || !(await confirmCatchUp(run, labels, forMs))) return;
  const connection = await connections.open();
  const settings = readRunSettings(connections.active.profile);
  const outputLimit = listed.limitOutput(
    new OutputLimit(cappedLimits(outputLimits(), listed.info.outputCap)),
  );
  const { catchUpEvents } = await import('./catchUpEvents.ts');
  const plan = { connection, info, labels, settings, forMs, outputLimit };
  if (!(await follower.reopen(listed, (signal) => catchUpEvents(plan, signal)))) {
    throw new UserError(
      vscode.l10n.t(
        "This run isn't saved, so nodes can't catch up. Turn on the history, or run again.",
      ),
    );
  }
}

async function askHowLong(): Promise<number | undefined> {
  const choices = [15, 60, 240, 480].map((minutes) => ({
    label:
      minutes < 60
        ? vscode.l10n.t('{0} minutes', minutes)
        : minutes === 60
          ? vscode.l10n.t('1 hour')
          : vscode.l10n.t('{0} hours', minutes / 60),
    description: vscode.l10n.t('until {0}', clockLabel(Date.now() + minutes * MINUTE_MS)),
    minutes,
  }));
  const picked = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Run When They Return'),
    placeHolder: vscode.l10n.t('How long should the run wait? It stops when this window closes'),
  });
  return picked && picked.minutes * MINUTE_MS;
}

/** The job was reviewed for these nodes; that it begins later, and by itself, is confirmed here. */
function confirmCatchUp({ info }: Run, labels: readonly string[], forMs: number): Promise<boolean> {
  const place = [info.datacenters.join(', '), info.connection].join(' · ');
  const question =
    labels.length === 1
      ? vscode.l10n.t('Run on 1 node in {0} when its agent returns?', place)
      : vscode.l10n.t('Run on {0} nodes in {1} when their agents return?', labels.length, place);
  const detail = [
    plainMessage(info.title),
    joinNames(labels, MAX_NAMES),
    vscode.l10n.t('Waits until {0}. Each node runs the job once.', clockLabel(Date.now() + forMs)),
  ].join('\n');
  return ask(question, detail, vscode.l10n.t('Run When They Return'));
}
