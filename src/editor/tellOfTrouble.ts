import * as vscode from 'vscode';
import type { Run } from '../runs/run.ts';
import { nobodyAnswered, whyNobody } from '../runs/wording.ts';
import { commands } from './contributions.ts';
import { tellWarning } from './notify.ts';
import type { RunService } from './runs/runService.ts';

/** Says in a notification what no row of the tree can: that nobody answered, or that Consul was lost. */
export function tellOfTrouble(runs: RunService): vscode.Disposable {
  return runs.onDidChange(({ run, event }) => {
    if (event.kind !== 'finished') return;
    if (event.reason !== undefined) {
      void tellWarning(`${run.info.title}: ${event.reason}`);
    } else if (nobodyAnswered(run.ledger)) {
      void tellOfSilence(runs, run);
    }
  });
}

async function tellOfSilence(runs: RunService, run: Run): Promise<void> {
  const why = vscode.l10n.t('Why?');
  const chosen = await tellWarning(`${run.info.title}: ${whyNobody()}`, why);
  if (chosen === why) {
    await vscode.commands.executeCommand(commands.whySilent, {
      kind: 'run',
      listed: runs.find(run.info.id),
    });
  }
}
