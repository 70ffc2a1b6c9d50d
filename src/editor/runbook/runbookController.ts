import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { blockResult } from '../../runs/export/blockResult.ts';
import { describeProgress } from '../../runs/text/stateText.ts';
import { runnableEditorLanguages } from '../../exec/runbook/blockLanguage.ts';
import { RUNBOOK } from '../base/contributions.ts';
import { logError, reportError } from '../base/reportError.ts';
import { launchAndFollow } from '../launch/launch.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import type { StartedRun } from '../runs/runFollower.ts';
import { stepOf } from '../runs/stepOf.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { isBlankCell, jobOfCell } from './cellJob.ts';
import type { CellRuns } from './cellRuns.ts';

export interface RunbookServices extends LaunchServices {
  readonly viewOptions: RunsViewOptions;
}

const SHOW_INTERVAL_MS = 500;
/** VS Code also interrupts a cell right before it deletes it. Then the run continues. */
const DELETE_MS = 500;

/**
 * Runs cells of runbooks. Each cell has a review of its own, also if another extension runs it. A run
 * belongs to the Runs view: it continues when its cell is deleted or its notebook closes.
 */
export class RunbookController implements vscode.Disposable {
  readonly #services: RunbookServices;
  readonly #cellRuns: CellRuns;
  readonly #controller: vscode.NotebookController;

  constructor(services: RunbookServices, cellRuns: CellRuns) {
    this.#services = services;
    this.#cellRuns = cellRuns;
    this.#controller = vscode.notebooks.createNotebookController(
      RUNBOOK,
      RUNBOOK,
      vscode.l10n.t('Consul Nodes'),
    );
    this.#controller.description = vscode.l10n.t('Each cell has a review before it runs');
    this.#controller.supportedLanguages = runnableEditorLanguages();
    this.#controller.executeHandler = (cells) => this.#runInOrder(cells);
  }

  dispose(): void {
    this.#controller.dispose();
  }

  /** Stops at the first cell that fails, or whose review the user leaves. */
  async #runInOrder(cells: readonly vscode.NotebookCell[]): Promise<void> {
    const isOne = cells.length === 1;
    for (const cell of cells) {
      if (!isOne && isBlankCell(cell)) continue;
      if (isGone(cell) || !(await this.#runCell(cell))) return;
    }
  }

  /** @returns whether the next cell can run */
  async #runCell(cell: vscode.NotebookCell): Promise<boolean> {
    const execution = this.#controller.createNotebookCellExecution(cell);
    const { reviewHost } = this.#services;
    const leaving = execution.token.onCancellationRequested(() => {
      // A proposed run isn't that of the cell.
      if (!reviewHost.current?.session.proposal) reviewHost.current?.cancel();
    });
    let started: StartedRun | undefined;
    try {
      started = await launchAndFollow(this.#services, jobOfCell(cell));
    } catch (error) {
      reportError(error, this.#services.log);
    } finally {
      leaving.dispose();
    }
    if (!started) {
      execution.end(undefined);
      return false;
    }
    return this.#follow(execution, started);
  }

  /** Shows a run in its cell until it ends. @returns whether it succeeded and has no further steps */
  async #follow(
    execution: vscode.NotebookCellExecution,
    { listed, ended }: StartedRun,
  ): Promise<boolean> {
    const { follower, viewOptions, log } = this.#services;
    const { cell, token } = execution;
    execution.start(Date.now());
    this.#cellRuns.set(cell, listed);
    const stopping = token.onCancellationRequested(async () => {
      await wait(DELETE_MS);
      if (!isGone(cell) && listed.isActive) follower.stop(listed);
    });
    const over = ended.then(() => true);
    const interval = () => wait(SHOW_INTERVAL_MS, false, { ref: false });
    let shown = '';
    const show = async (text: string) => {
      if (text !== shown && !isGone(cell)) await showText(execution, text);
      shown = text;
    };
    let isComplete = false;
    try {
      do {
        if (listed.run) await show(describeProgress(listed.run.ledger));
      } while (!(await Promise.race([over, interval()])));
      if (listed.run) {
        const grouping = await listed.run.groupings.ignoring(viewOptions.ignored);
        const result = await blockResult(listed.run, Date.now(), grouping);
        await show(result.join('\n'));
        const hasSteps = (stepOf(this.#services, listed.id)?.waiting ?? []).length > 0;
        isComplete = listed.run.ledger.succeeded && !hasSteps;
      }
    } catch (error) {
      // The Runs view has the result too.
      logError(error, log);
    } finally {
      stopping.dispose();
    }
    this.#cellRuns.set(cell, listed);
    execution.end(listed.run?.ledger.succeeded, Date.now());
    return isComplete;
  }
}

/** Deleted, or its notebook is closed. */
function isGone({ index, notebook }: vscode.NotebookCell): boolean {
  return index < 0 || notebook.isClosed;
}

/** As plain text: output of nodes must not become a link or a picture. */
function showText(execution: vscode.NotebookCellExecution, text: string): Thenable<void> {
  const item = vscode.NotebookCellOutputItem.text(text, 'text/plain');
  return execution.replaceOutput(new vscode.NotebookCellOutput([item]));
}
