import * as vscode from 'vscode';
import type { BeginTimes } from '../../exec/endJob/endJob.ts';
import type { Run } from '../../runs/run.ts';
import { UserError } from '../base/userError.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { returnToConnection } from '../launch/returnToConnection.ts';
import type { Reports } from '../reports/reports.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { confirmEnd } from './confirmEnd.ts';
import { type EndPlan, endWithProgress } from './endWithProgress.ts';
import { tellEndings } from './tellEndings.ts';

export interface EndServices extends LaunchServices {
  readonly reports: Reports;
}

function labelsOf({ ledger }: Run): readonly string[] {
  return Array.from(ledger.nodes, ({ node }) => node);
}

/**
 * Ends the job on those of the nodes that are at work, or may still be, once the user confirms it.
 * @param labels the nodes, as the run names them; all by default
 */
export async function endNodes(
  services: EndServices,
  listed: ListedRun,
  run: Run,
  labels: readonly string[] = labelsOf(run),
): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      vscode.l10n.t('In Restricted Mode you can view runs and their output, but not end them.'),
    );
  }
  const nodes = atWork(run, labels);
  if (nodes.size === 0) {
    throw new UserError(vscode.l10n.t('The job is not at work on any of these nodes.'));
  }
  if (!(await returnToConnection(services.connections, run.info.connection))) return;
  let plan: EndPlan | undefined = { listed, run, nodes, all: false };
  while (plan && (await confirmEnd(plan))) {
    const endings = await endWithProgress(services, plan);
    plan = await tellEndings(services, plan, endings);
  }
}

/** The nodes on which the job is at work or may be, and when each began it. */
function atWork({ ledger }: Run, labels: readonly string[]): Map<string, BeginTimes> {
  const nodes = new Map<string, BeginTimes>();
  for (const label of labels) {
    const result = ledger.get(label);
    if (!result || !['acknowledged', 'running', 'lost', 'cut'].includes(result.state)) continue;
    const known = result.ending?.outcome;
    if (known === 'ended' || known === 'over') continue;
    // Without an acknowledgment on record, it began before it was last heard from.
    const { since, lastSign = Date.now() } = result;
    const times = ledger.attempts.beganBetween(label) ?? { earliest: since, latest: lastSign };
    nodes.set(label, times);
  }
  return nodes;
}
