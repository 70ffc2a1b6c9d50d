import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { hitExcerpt } from '../../runs/search/hitExcerpt.ts';
import type { Hit } from '../../runs/search/searchOutputs.ts';
import type { RunHits, RunsSearchEnd } from '../../runs/search/searchRuns.ts';
import type { RunInfo } from '../../runs/run.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { separator, type ValueItem } from '../base/quickInput.ts';

/** A line of a node's output with a match. */
export interface FoundLine {
  readonly info: RunInfo;
  readonly node: string;
  readonly hit: Hit;
}

export type HitRow = ValueItem<FoundLine> | vscode.QuickPickItem;

/**
 * A separator with the node's name and its number of lines, followed by the lines.
 * @param showsRun whether the separator has the run too
 */
export function hitRows({ info, node, hits, truncated }: RunHits, showsRun: boolean): HitRow[] {
  const count = truncated
    ? vscode.l10n.t({
        message: 'the first {0} lines',
        args: [hits.length],
        comment: ['After the name of a node that has more matching lines than are shown'],
      })
    : lineCountLabel(hits.length);
  const run = showsRun ? [displayName(info.title), timeLabel(info.createdAt)] : [];
  return [
    separator([...run, displayName(node), count].join(' · ')),
    ...hits.map((hit) => ({
      label: plainLabel(hitExcerpt(hit)),
      description: vscode.l10n.t('line {0}', hit.line),
      // VS Code's filter doesn't support regular expressions and whole words.
      alwaysShow: true,
      value: { info, node, hit },
    })),
  ];
}

/**
 * Summarizes a finished search in one line.
 * @param unread how many runs could not be searched
 */
export function searchSummary(end: RunsSearchEnd, showsRuns: boolean, unread = 0): string {
  return [
    foundSummary(end, showsRuns),
    end.cut ? vscode.l10n.t('Only the beginning of very long lines was searched.') : '',
    unread > 0 ? unreadSummary(unread) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function unreadSummary(unread: number): string {
  return unread === 1
    ? vscode.l10n.t("1 run couldn't be read.")
    : vscode.l10n.t("{0} runs couldn't be read.", unread);
}

function foundSummary({ hits, nodes, runs, truncated }: RunsSearchEnd, showsRuns: boolean): string {
  const lines = lineCountLabel(hits);
  if (showsRuns) {
    if (hits === 0) return vscode.l10n.t('No line in the output of any run matches.');
    const args = [lines, runCountLabel(runs)];
    return truncated
      ? vscode.l10n.t({
          message: '{0} in {1}, and more. Enter more text to narrow the search.',
          args,
          comment: ['{0} is for example "12 lines", {1} "3 runs"'],
        })
      : vscode.l10n.t({
          message: '{0} in {1}.',
          args,
          comment: ['{0} is for example "12 lines", {1} "3 runs"'],
        });
  }
  if (hits === 0) return vscode.l10n.t("No line in this run's output matches.");
  const args = [lines, nodeCountLabel(nodes)];
  return truncated
    ? vscode.l10n.t({
        message: '{0} on {1}, and more. Enter more text to narrow the search.',
        args,
        comment: ['{0} is for example "12 lines", {1} "3 nodes"'],
      })
    : vscode.l10n.t({
        message: '{0} on {1}.',
        args,
        comment: ['{0} is for example "12 lines", {1} "3 nodes"'],
      });
}

function runCountLabel(count: number): string {
  return count === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', count);
}

function lineCountLabel(count: number): string {
  return count === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', count);
}
