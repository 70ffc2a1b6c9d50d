import * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import { reportError } from '../base/reportError.ts';
import type { RunList } from '../runs/runList.ts';
import { limitsLabel } from './limitsLabel.ts';

type Limited = Extract<RunEvent, { kind: 'limited' }>;

const MAX_NAMES = 5;

/** Shows a notification when nodes of a run come near the limit of their output: once for each run. */
export function notifyOutputLimit({
  runs,
  log,
}: {
  readonly runs: RunList;
  readonly log: vscode.LogOutputChannel;
}): vscode.Disposable {
  const shown = new WeakSet<Run>();
  return runs.onDidChange(({ run, event }) => {
    if (event.kind !== 'limited' || event.nodes.length === 0 || shown.has(run)) return;
    shown.add(run);
    notifyNear(runs, run, event).catch((error: unknown) => reportError(error, log));
  });
}

async function notifyNear(runs: RunList, run: Run, event: Limited): Promise<void> {
  const raise = vscode.l10n.t('Raise the Limit…');
  const end = vscode.l10n.t('End on the Nodes…');
  const pressed = await showWarning(nearMessage(run.info.title, event), raise, end);
  if (pressed === undefined) return;
  const listed = runs.find(run.info.id);
  if (!listed) return void showInfo(vscode.l10n.t('This run was deleted.'));
  const row = { kind: 'run', listed } as const;
  await executeCommand(pressed === raise ? commands.raiseOutputLimit : commands.endOnNodes, row);
}

function nearMessage(title: string, event: Limited): string {
  return vscode.l10n.t(
    '{0}: the output of {1} is near the limit ({2}). Beyond it, neither output nor an exit code is collected.',
    title,
    joinNames(event.nodes, MAX_NAMES),
    limitsLabel(event),
  );
}
