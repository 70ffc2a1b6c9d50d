import * as vscode from 'vscode';
import type { Run } from '../runs/run.ts';
import { commands } from './contributions.ts';
import type { RunService } from './runs/runService.ts';

/** Says in a notification what no row of the tree can: that nobody answered, or that Consul was lost. */
export function tellOfTrouble(runs: RunService): vscode.Disposable {
  return runs.onDidChange(({ run, event }) => {
    if (event.kind !== 'finished') return;
    if (event.reason !== undefined) {
      void vscode.window.showWarningMessage(`${run.info.title}: ${event.reason}`);
    } else if (event.end !== 'stopped' && nobodyAnswered(run)) {
      void tellOfSilence(runs, run);
    }
  });
}

function nobodyAnswered({ ledger }: Run): boolean {
  return ledger.size > 0 && ledger.counts.silent === ledger.size;
}

async function tellOfSilence(runs: RunService, run: Run): Promise<void> {
  const why = vscode.l10n.t('Why?');
  const text = vscode.l10n.t(
    '{0}: nobody answered, so it ran nowhere. Agents have remote exec off unless disable_remote_exec = false; or their tokens lack key:write for the job.',
    run.info.title,
  );
  const chosen = await vscode.window.showWarningMessage(text, why);
  if (chosen === why) {
    await vscode.commands.executeCommand(commands.whySilent, {
      kind: 'run',
      listed: runs.find(run.info.id),
    });
  }
}
