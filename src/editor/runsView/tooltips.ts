import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { jobText } from '../../exec/protocol/job.ts';
import { valueLabel } from '../../exec/script/parameters/valueLabel.ts';
import { describeStartedBy } from '../../runs/model/startedBy.ts';
import type { NodeResult } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { describeState, summarize } from '../../runs/text/stateText.ts';
import { exactTimeLabel, fullTimeLabel } from '../../runs/text/time.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { shownConnection } from './runItems.ts';

/**
 * Limits for a line and for a script: VS Code parses the Markdown of a tooltip in the extension host,
 * which took 0.3 s for a thousand names.
 */
const MAX_FACT_LENGTH = 500;
const MAX_CODE_LENGTH = 2000;

/** Created only when the pointer is over the row. */
export function runTooltip({ info, run, saveFailure }: ListedRun): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendCodeblock(shorten(jobText(info.job), MAX_CODE_LENGTH), 'shellscript');
  const facts = [
    vscode.l10n.t('{0} in {1}', nodeCountLabel(info.targets.length), info.datacenters.join(', ')),
    ...(info.parameters ?? []).map(valueLabel),
    info.choice,
    shownConnection(info, true),
    fullTimeLabel(info.createdAt),
    info.startedBy ? vscode.l10n.t('Started by {0}', describeStartedBy(info.startedBy)) : '',
    ...(run ? summarize(run.ledger).split('\n') : []),
    run?.ledger.reason ?? '',
    ...(run?.ledger.warnings ?? []),
    saveFailure
      ? vscode.l10n.t('Not saved; available until this window closes: {0}', saveFailure.message)
      : '',
  ];
  for (const fact of facts) {
    if (fact !== '') tooltip.appendText(`${displayName(shorten(fact, MAX_FACT_LENGTH))}\n`);
  }
  return tooltip;
}

export function nodeTooltip(run: Run, result: NodeResult): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const facts = [
    displayName(result.node),
    describeState(result, run.ledger.end, Date.now()),
    result.bytes === 1
      ? vscode.l10n.t('1 byte of output')
      : vscode.l10n.t('{0} bytes of output', result.bytes),
    result.state === 'cut' ? vscode.l10n.t('The job may still be running on the node.') : '',
    result.lastSign === undefined
      ? ''
      : vscode.l10n.t('last heard at {0}', exactTimeLabel(result.lastSign)),
    result.attempts === undefined ? '' : vscode.l10n.t('announced {0} times', result.attempts),
    result.missingChunks === undefined
      ? ''
      : vscode.l10n.t('up to {0} KB of output are missing', 4 * result.missingChunks),
  ];
  for (const fact of facts) if (fact !== '') tooltip.appendText(`${fact}\n`);
  return tooltip;
}
