import * as vscode from 'vscode';
import { nodeList, nodesStanding } from '../../runs/export/nodeList.ts';
import type { Ignored } from '../../runs/ignored.ts';
import { STANDINGS } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import { nodeCount } from '../nodeCount.ts';
import { standingLabel } from '../runs/standingLabel.ts';
import { UserError } from '../userError.ts';
import { markdownNote } from './markdownNote.ts';

const TOLD_MS = 4000;
/** Characters that a clipboard still carries well. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Puts names into the clipboard, one on each line. */
export async function copyNames(nodes: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(nodeList(nodes));
  tell(vscode.l10n.t('Names of {0} copied', nodeCount(nodes.length)));
}

/** Lets the user say which nodes of a run are meant. @returns undefined when they do not */
export async function pickNodes({ ledger }: Run): Promise<readonly string[] | undefined> {
  const all = nodesStanding(ledger);
  const rows = [
    { label: vscode.l10n.t('All nodes'), nodes: all },
    ...STANDINGS.map((standing) => ({
      label: standingLabel(standing),
      nodes: nodesStanding(ledger, [standing]),
    })).filter(({ nodes }) => nodes.length > 0),
  ].map((row) => ({ ...row, description: nodeCount(row.nodes.length) }));
  const title = vscode.l10n.t('Copy the Names of Which Nodes?');
  return (await vscode.window.showQuickPick(rows, { title }))?.nodes;
}

/** Puts the note about a run into the clipboard. @throws UserError when it is too large for that */
export async function copyMarkdown(run: Run, ignored: Ignored): Promise<void> {
  let text = '';
  for await (const piece of markdownNote(run, ignored)) {
    text += piece;
    if (text.length > MOST_CHARACTERS) {
      throw new UserError(
        vscode.l10n.t('The run’s output is too large to be copied. Export it to a file instead.'),
      );
    }
  }
  await vscode.env.clipboard.writeText(text);
  tell(vscode.l10n.t('Run copied as Markdown'));
}

function tell(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${text}`, TOLD_MS);
}
