import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { showStatus } from '../base/notify.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import type { Reports } from '../reports/reports.ts';
import { PolicyLenses, showPolicies } from './policyReport.ts';
import { requiredPolicies } from './requiredPolicies.ts';

interface PolicyServices {
  readonly connections: ConnectionService;
  readonly reports: Reports;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands that show and copy the ACL policies that a run needs. */
export function registerPolicyCommands(services: PolicyServices): vscode.Disposable {
  const { connections, reports, log } = services;
  return vscode.Disposable.from(
    PolicyLenses.register(),
    registerCommand(commands.showPolicy, log, async () =>
      showPolicies(reports, await requiredPolicies(connections)),
    ),
    registerCommand(commands.copyPolicy, log, async (rules) => {
      const chosen = typeof rules === 'string' ? rules : await pickPolicy(connections);
      if (chosen === undefined) return;
      await vscode.env.clipboard.writeText(chosen);
      showStatus(vscode.l10n.t('Copied the policy'));
    }),
  );
}

/** @returns the rules of the policy that the user picked */
async function pickPolicy(connections: ConnectionService): Promise<string | undefined> {
  const { connection, policies } = await requiredPolicies(connections);
  const rows = policies.map(({ owner, rules }) => ({
    rules,
    iconPath: new vscode.ThemeIcon(owner === 'user' ? 'account' : 'server'),
    label:
      owner === 'user'
        ? vscode.l10n.t('Policy for your token')
        : vscode.l10n.t("Policy for the agents' tokens"),
  }));
  const picked = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Copy Required ACL Policy'),
    placeHolder: vscode.l10n.t('Select the policy to copy for {0}', connection),
  });
  return picked?.rules;
}
