import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { joinNames } from '../../base/joinNames.ts';
import type { NodeEnding } from '../../exec/endJob/endOnNodes.ts';
import { showInfo, showWarning } from '../base/notify.ts';
import type { Reports } from '../reports/reports.ts';
import type { EndPlan, Endings } from './endWithProgress.ts';

/**
 * Reports what came of it: in one sentence, with the nodes on which the job may still be at work.
 * @returns what to do next, if the user wants to end all jobs that could not be told apart
 */
export async function tellEndings(
  { reports }: { readonly reports: Reports },
  plan: EndPlan,
  { all, recorded }: Endings,
): Promise<EndPlan | undefined> {
  const open = all.filter(
    ({ report }) => report?.outcome !== 'ended' && report?.outcome !== 'over',
  );
  const loose = all.filter(({ report }) => report?.loose !== undefined);
  const details = vscode.l10n.t('Show Report');
  const ambiguous = all.filter(({ report }) => report?.outcome === 'ambiguous');
  const endAll = ambiguous.some(({ report }) => report?.candidates !== 1)
    ? vscode.l10n.t('End All of Them…')
    : vscode.l10n.t('End Anyway…');
  const isDone = open.length === 0 && loose.length === 0;
  const actions = [...(isDone ? [] : [details]), ...(ambiguous.length > 0 ? [endAll] : [])];
  const show = isDone && recorded ? showInfo : showWarning;
  const pressed = await show(summaryMessage(all, open, recorded), ...actions);
  if (pressed === details) {
    await reports.show(vscode.l10n.t('End on the Nodes'), reportText(plan, all));
  }
  if (pressed !== endAll) return undefined;
  const nodes = new Map(
    ambiguous.flatMap(({ node }) => {
      const began = plan.nodes.get(node);
      return began ? [[node, began] as const] : [];
    }),
  );
  return { ...plan, nodes, all: true };
}

function summaryMessage(
  all: readonly NodeEnding[],
  open: readonly NodeEnding[],
  recorded: boolean,
): string {
  const names = joinNames(open.map(({ node }) => node));
  if (open.length > 0 && open.every(({ failure }) => failure === 'noResponse')) {
    return open.length === 1
      ? vscode.l10n.t('The job was not ended on {0}: no response, its agent may be down.', names)
      : vscode.l10n.t(
          'The job was not ended on {0}: no response, their agents may be down.',
          names,
        );
  }
  if (open.length > 0) return vscode.l10n.t('The job was not ended on {0}.', names);
  if (!recorded) {
    return vscode.l10n.t(
      'The job has ended. Another window collects this run and shows its exits.',
    );
  }
  return all.length === 1
    ? vscode.l10n.t('The job has ended on 1 node.')
    : vscode.l10n.t('The job has ended on {0} nodes.', all.length);
}

function reportText({ run }: EndPlan, all: readonly NodeEnding[]): string {
  const lines = all.map((ending) => `${displayName(ending.node)}: ${describeEnding(ending)}`);
  return [displayName(run.info.title), '', ...lines.toSorted(), ''].join('\n');
}

/** Everything that is known of one node. */
function describeEnding({ report, failure, reason }: NodeEnding): string {
  const words = report ? describeReport(report) : describeFailure(failure, reason);
  const loose = report?.loose;
  if (loose === undefined) return words;
  return vscode.l10n.t(
    '{0}; left behind by jobs of this agent since then, not ended: {1}',
    words,
    loose.join(', '),
  );
}

function describeReport(report: NonNullable<NodeEnding['report']>): string {
  const { outcome, signal = 'SIGTERM', processes = 0, left = 0, candidates = 0 } = report;
  switch (outcome) {
    case 'ended':
      return processes === 1
        ? vscode.l10n.t('ended 1 process ({0})', signal)
        : vscode.l10n.t('ended {0} processes ({1})', processes, signal);
    case 'over':
      return vscode.l10n.t('already over');
    case 'missing':
      return report.restarted === true
        ? vscode.l10n.t('not found: the agent was restarted since the job began')
        : vscode.l10n.t('not found');
    case 'refused':
      return vscode.l10n.t('the agent has no permission to end it, processes left: {0}', left);
    case 'ambiguous':
      return candidates === 1
        ? vscode.l10n.t("not ended: one job can be this one, but its script can't be read any more")
        : vscode.l10n.t('not ended: {0} jobs can be this one', candidates);
    case 'blind':
      return vscode.l10n.t("not ended: the node can't list its processes");
    case 'stuck':
      return vscode.l10n.t("SIGKILL didn't end it, processes left: {0}", left);
  }
}

function describeFailure(failure: NodeEnding['failure'], reason: string | undefined): string {
  if (reason !== undefined) return vscode.l10n.t('not sent: {0}', reason);
  return failure === 'noResponse'
    ? vscode.l10n.t('no response: its agent may be down')
    : vscode.l10n.t('not known whether it was ended');
}
