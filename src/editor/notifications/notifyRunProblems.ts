import * as vscode from 'vscode';
import type { Run } from '../../runs/run.ts';
import { hasNoResponse, noResponseMessage } from '../../runs/text/stateText.ts';
import { commands } from '../base/contributions.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import type { RunList } from '../runs/runList.ts';

/** Shows a notification when a run ends without any response, or because Consul can't be reached. */
export function notifyRunProblems(runs: RunList): vscode.Disposable {
  return runs.onDidChange(({ run, event }) => {
    if (event.kind !== 'finished') return;
    if (event.reason !== undefined) {
      void showWarning(`${run.info.title}: ${event.reason}`);
    } else if (hasNoResponse(run.ledger)) {
      void notifyNoResponse(runs, run);
    }
  });
}

async function notifyNoResponse(runs: RunList, run: Run): Promise<void> {
  const why = vscode.l10n.t('Why?');
  const pressed = await showWarning(`${run.info.title}: ${noResponseMessage()}`, why);
  if (pressed !== why) return;
  const listed = runs.find(run.info.id);
  if (listed) await executeCommand(commands.whyNoResponse, { kind: 'run', listed });
  else await showInfo(vscode.l10n.t('This run was deleted.'));
}
