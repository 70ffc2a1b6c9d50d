import * as vscode from 'vscode';
import { missingResults } from '../../runs/model/missingResults.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { UserError } from '../base/userError.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';
import { runAndNodesOf } from '../runsView/runElements.ts';

/** Registers the command that fetches lost results from the nodes of a guarded run. */
export function registerRecoverCommands(services: LaunchServices): vscode.Disposable {
  return registerRunCommand(commands.recoverResults, services.log, async (element, elements) => {
    requireTrust();
    const { run, nodes } = await runAndNodesOf(element, elements, services);
    requireMissing(run, nodes);
    const { recover } = await import('./recover.ts');
    await recover(services, run, nodes);
  });
}

function requireMissing({ info, ledger }: Run, labels: readonly string[] | undefined): void {
  if (!info.guard) {
    throw new UserError(
      vscode.l10n.t(
        "This run wasn't guarded, so its nodes saved no results. Run again with a guard.",
      ),
    );
  }
  if (missingResults(ledger, labels).size === 0) {
    throw new UserError(vscode.l10n.t('No results are missing here.'));
  }
}
