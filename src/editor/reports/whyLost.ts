import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { examineLost } from '../../exec/doctor/examineLost.ts';
import type { Run } from '../../runs/run.ts';
import { NothingToDo } from '../base/userError.ts';
import { nodeReport, type NodeReportServices } from './nodeReport.ts';

/**
 * Checks why nodes of a run lost contact, and shows the findings.
 * @param labels the nodes, as the run names them
 * @throws NothingToDo if there are none; UserError when another connection than the run's is active;
 * ConsulError
 */
export function whyLost(
  services: NodeReportServices,
  run: Run,
  labels: readonly string[],
): Promise<void> {
  if (labels.length === 0) {
    throw new NothingToDo(vscode.l10n.t('No node of this run lost contact.'));
  }
  return nodeReport(services, run, labels, {
    title:
      labels.length === 1
        ? vscode.l10n.t('Why {0} Lost Contact', displayName(labels[0] ?? ''))
        : vscode.l10n.t('Why {0} Nodes Lost Contact', labels.length),
    header: (names, count) =>
      count === 1
        ? vscode.l10n.t('{0} lost contact. These checks were made:', names)
        : vscode.l10n.t('{0} nodes lost contact: {1}. These checks were made:', count, names),
    examine: ({ consul, nodes }) => examineLost(consul, nodes),
  });
}
