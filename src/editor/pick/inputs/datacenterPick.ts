import * as vscode from 'vscode';
import { listDatacenters } from '../../../consul/catalog/datacenters.ts';
import { type PickSession } from '../session/pickSession.ts';
import { type Answer, showUntilAnswered } from '../../base/quickInput.ts';

/** Lets the user select the datacenters of a run. @returns their names */
export async function pickDatacenters(session: PickSession): Promise<Answer<readonly string[]>> {
  const names = await listDatacenters(session.connection.consul);
  const inUse = new Set(session.datacenters.all.map(({ datacenter }) => datacenter));
  const pick = vscode.window.createQuickPick();
  pick.canSelectMany = true;
  pick.placeholder = vscode.l10n.t('Select the datacenters to run in');
  pick.items = names.map((label) => ({
    label,
    description:
      label === session.connection.self?.datacenter ? vscode.l10n.t("the agent's own") : '',
  }));
  pick.selectedItems = pick.items.filter(({ label }) => inUse.has(label));
  const frame = {
    title: vscode.l10n.t('Run on Nodes: Datacenters'),
    step: 1,
    totalSteps: 4,
    canGoBack: true,
  };
  return showUntilAnswered(pick, frame, () => {
    const selected = pick.selectedItems.map(({ label }) => label);
    return selected.length > 0 ? selected : undefined;
  });
}
