import * as vscode from 'vscode';
import { describeDuration } from '../../runs/text/stateText.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { commands } from '../base/contributions.ts';
import { commandLink } from '../base/executeCommand.ts';
import { areLensesOn } from '../base/settings.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';
import { outcomeIcon, runLabel } from '../runsView/runItems.ts';
import { blocksOf, canRun, isMarkdown } from '../source/documentBlocks.ts';
import { latestRunOf } from './blockRuns.ts';

class ResultLens extends vscode.CodeLens {
  readonly listed: ListedRun;

  constructor(range: vscode.Range, listed: ListedRun) {
    super(range);
    this.listed = listed;
  }
}

/** What the last run of a block gave, below the links that run it. */
export class ResultLenses implements vscode.CodeLensProvider {
  readonly #runs: RunList;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  /** @param changed fires when results may have changed */
  constructor(runs: RunList, changed: vscode.Event<void>) {
    this.#runs = runs;
    this.onDidChangeCodeLenses = changed;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const runs = this.#runs.all;
    if (!areLensesOn() || runs.length === 0) return [];
    return blocksOf(document)
      .filter((block) => block.kind !== 'file' && canRun(block))
      .flatMap((block) => {
        const listed = latestRunOf(document, block, runs);
        if (!listed) return [];
        const range = new vscode.Range(block.line, 0, block.line, 0);
        const insert = commandLink(
          commands.insertResult,
          vscode.l10n.t('Insert Result'),
          document.uri,
          block.line,
        );
        const lenses: vscode.CodeLens[] = [new ResultLens(range, listed)];
        if (isMarkdown(document) && listed.isOver) lenses.push(new vscode.CodeLens(range, insert));
        return lenses;
      });
  }

  /** VS Code asks for those on the screen: groups of thousands of nodes take long. */
  resolveCodeLens(lens: vscode.CodeLens): vscode.CodeLens {
    if (lens instanceof ResultLens) {
      const { listed } = lens;
      lens.command = commandLink(commands.showOutput, titleOf(listed), { kind: 'run', listed });
    }
    return lens;
  }
}

/** `1 failed · 11 ok · 2 groups · 3.1 s · 14:03` */
function titleOf(listed: ListedRun): string {
  const { info, run } = listed;
  const groups = run && listed.isOver ? run.groupings.exact.groups(run.ledger).length : 0;
  const finishedAt = run?.ledger.finishedAt;
  const parts = [
    runLabel(listed),
    groups === 0
      ? ''
      : groups === 1
        ? vscode.l10n.t('1 group')
        : vscode.l10n.t('{0} groups', groups),
    finishedAt === undefined ? '' : describeDuration(finishedAt - info.createdAt),
    timeLabel(info.createdAt),
  ];
  return `$(${outcomeIcon([listed], false).id}) ${parts.filter(Boolean).join(' · ')}`;
}
