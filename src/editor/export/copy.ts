import * as vscode from 'vscode';
import { nodeList, nodesWithStatus } from '../../runs/export/nodeList.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { type NodeStatus, STATUSES } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { showStatus } from '../base/notify.ts';
import { statusLabel } from '../runs/statusLabel.ts';
import { UserError } from '../base/userError.ts';
import { markdownNote } from './markdownNote.ts';

/** The clipboard handles this many characters well. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Copies names, one per line. */
export async function copyNames(nodes: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(nodeList(nodes));
  showStatus(
    nodes.length === 1
      ? vscode.l10n.t('Copied 1 node name')
      : vscode.l10n.t('Copied {0} node names', nodes.length),
  );
}

/** Lets the user select nodes of runs by status. @returns undefined when the user cancels */
export async function pickNodes(runs: readonly Run[]): Promise<readonly string[] | undefined> {
  const nodesWith = (statuses?: readonly NodeStatus[]) => [
    ...new Set(runs.flatMap(({ ledger }) => nodesWithStatus(ledger, statuses))),
  ];
  const all = nodesWith();
  const rows = [
    { label: vscode.l10n.t('All nodes'), nodes: all },
    ...STATUSES.map((status) => ({
      label: statusLabel(status),
      nodes: nodesWith([status]),
    })).filter(({ nodes }) => nodes.length > 0),
  ].map((row) => ({ ...row, description: nodeCountLabel(row.nodes.length) }));
  const title = vscode.l10n.t('Copy Node Names');
  return (await vscode.window.showQuickPick(rows, { title }))?.nodes;
}

/** Copies a run as Markdown. @throws UserError when it is too large */
export async function copyMarkdown(run: Run, ignored: IgnoredDifferences): Promise<void> {
  let text = '';
  for await (const piece of markdownNote(run, ignored)) {
    text += piece;
    if (text.length > MAX_CHARACTERS) {
      throw new UserError(
        vscode.l10n.t("The run's output is too large to copy. Export it to a file instead."),
      );
    }
  }
  await vscode.env.clipboard.writeText(text);
  showStatus(vscode.l10n.t('Copied the run as Markdown'));
}
