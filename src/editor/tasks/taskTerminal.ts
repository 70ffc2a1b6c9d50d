import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { errorMessage } from '../../base/errorMessage.ts';
import { outputLines } from '../../runs/output/outputLines.ts';
import type { Run } from '../../runs/run.ts';
import { literalLine } from '../../runs/text/displayText.ts';
import { describeProgress } from '../../runs/text/stateText.ts';
import { launchAndFollow } from '../launch/launch.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { taskJob, type TaskDefinition } from './taskJob.ts';

/** Problem matchers read lines, but no one reads more of them in a terminal. */
const MAX_LINES = 20_000;

/** Exit codes, as a shell has them. */
const CODES = { ok: 0, failed: 1, left: 130 };

/**
 * The terminal of a task: it opens the review, waits for the end of the run, and writes what the nodes
 * wrote. Closing it leaves the run alone, which is in the Runs view.
 */
export class TaskTerminal implements vscode.Pseudoterminal {
  readonly #services: LaunchServices;
  readonly #definition: TaskDefinition;
  readonly #folder: vscode.WorkspaceFolder | undefined;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  #isClosed = false;

  constructor(
    services: LaunchServices,
    definition: TaskDefinition,
    folder: vscode.WorkspaceFolder | undefined,
  ) {
    this.#services = services;
    this.#definition = definition;
    this.#folder = folder;
  }

  open(): void {
    void this.#run().then((code) => this.#close.fire(code));
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<number> {
    try {
      const named = await taskJob(this.#definition, this.#folder);
      this.#line(vscode.l10n.t('Review the run of "{0}".', displayName(named.title)));
      const started = await launchAndFollow(this.#services, named);
      if (!started) {
        this.#line(vscode.l10n.t('You left the review. Nothing ran.'));
        return CODES.left;
      }
      await started.ended;
      return await this.#report(await this.#services.loader.load(started.listed));
    } catch (error) {
      this.#line(errorMessage(error));
      this.#services.log.warn(`A task failed: ${String(error)}`);
      return CODES.failed;
    }
  }

  async #report(run: Run): Promise<number> {
    let left = MAX_LINES;
    for (const { node } of run.ledger.nodes) {
      for await (const batch of outputLines(run.output, node)) {
        for (const line of batch.slice(0, left)) {
          this.#line(`${displayName(node)} │ ${literalLine(line)}`);
        }
        left -= batch.length;
        if (left <= 0 || this.#isClosed) break;
      }
      if (left <= 0 || this.#isClosed) break;
    }
    if (left <= 0) this.#line(vscode.l10n.t('There is more output in the Runs view.'));
    this.#line(describeProgress(run.ledger));
    return run.ledger.succeeded ? CODES.ok : CODES.failed;
  }

  #line(text: string): void {
    this.#write.fire(`${text}\r\n`);
  }
}
