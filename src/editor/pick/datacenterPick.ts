import * as vscode from 'vscode';
import { listDatacenters } from '../../consul/datacenters.ts';
import { type PickSession } from './pickSession.ts';
import { type Answer, settle } from '../input/quickInput.ts';

/** Lets the user tick the datacenters a run is to reach. @returns their names */
export async function pickDatacenters(session: PickSession): Promise<Answer<readonly string[]>> {
  const names = await listDatacenters(session.connection.consul);
  const chosen = new Set(session.sites.all.map(({ datacenter }) => datacenter));
  const pick = vscode.window.createQuickPick();
  pick.canSelectMany = true;
  pick.placeholder = vscode.l10n.t('Which datacenters is this run to reach?');
  pick.items = names.map((label) => ({
    label,
    description:
      label === session.connection.self?.datacenter ? vscode.l10n.t('the agent’s own') : '',
  }));
  pick.selectedItems = pick.items.filter(({ label }) => chosen.has(label));
  const frame = {
    title: vscode.l10n.t('Run on Nodes: Datacenters'),
    step: 1,
    totalSteps: 4,
    canGoBack: true,
  };
  return settle(pick, frame, () => {
    const ticked = pick.selectedItems.map(({ label }) => label);
    return ticked.length > 0 ? ticked : undefined;
  });
}
