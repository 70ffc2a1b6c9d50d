import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { foreignSessionNode } from '../../consul/catalog/datacenters.ts';
import { examine } from '../../exec/doctor/examine.ts';
import type { Finding } from '../../exec/doctor/finding.ts';
import { nodeHistory } from '../../runs/nodeHistory.ts';
import { announcementsIn, type Run } from '../../runs/run.ts';
import { readRunSettings } from '../base/settings.ts';
import { NothingToDo } from '../base/userError.ts';
import { earlierResponses, type HistoryServices } from './earlierResponses.ts';
import { type ExaminedPlace, nodeReport, type NodeReportServices } from './nodeReport.ts';

export interface ReportServices extends HistoryServices, NodeReportServices {}

/**
 * Checks why nodes of a run didn't respond, and shows the findings.
 * @param labels the nodes, as the run names them
 * @throws NothingToDo if there are none; UserError when another connection than the run's is active;
 * ConsulError
 */
export function whyNoResponse(
  services: ReportServices,
  run: Run,
  labels: readonly string[],
): Promise<void> {
  if (labels.length === 0) {
    throw new NothingToDo(vscode.l10n.t('Every node of this run responded.'));
  }
  return nodeReport(services, run, labels, {
    title:
      labels.length === 1
        ? vscode.l10n.t("Why {0} Didn't Respond", displayName(labels[0] ?? ''))
        : vscode.l10n.t("Why {0} Nodes Didn't Respond", labels.length),
    header: (names, count) =>
      count === 1
        ? vscode.l10n.t("{0} didn't respond. These checks were made:", names)
        : vscode.l10n.t("{0} nodes didn't respond: {1}. These checks were made:", count, names),
    examine: (place) => examineNoResponse(services, run, place),
  });
}

/** @throws ConsulError */
export async function examineNoResponse(
  services: Omit<ReportServices, 'reports'>,
  { info, session }: Run,
  { consul, self, datacenter, nodes }: ExaminedPlace,
): Promise<readonly Finding[]> {
  const { profile } = services.connections.active;
  const location = { connection: info.connection, datacenter };
  return examine({
    consul,
    prefix: session?.prefix ?? readRunSettings(profile).prefix,
    announcements: announcementsIn(info, datacenter),
    unresponsive: nodes,
    history: nodeHistory(await earlierResponses(services, info.id, location, nodes), location),
    sessionNode: await foreignSessionNode(consul, self),
  });
}
