import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { ConsulError } from '../../../consul/errors/consulErrors.ts';
import { completeFilter, FilterVocabulary } from '../../../exec/targeting/where/completeFilter.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { setPrompt } from '../../base/newerApi.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { plainLabel, withoutLinks } from '../../base/plainLabel.ts';
import {
  type Answer,
  separator,
  showUntilAnswered,
  type StepFrame,
} from '../../base/quickInput.ts';
import { nodesOfStep } from '../inputs/namedNodes.ts';
import { datacenterWarnings } from '../review/datacenterWarnings.ts';
import type { PickSession } from '../session/pickSession.ts';
import { nodesWhere, whereProblemMessage } from './nodesWhere.ts';

/** Long enough for a word, short enough to seem immediate. */
const TYPING_PAUSE_MS = 250;

/** Nodes for which a filter expression is true. */
export interface WhereAnswer {
  readonly filter: string;
  readonly labels: readonly string[];
}

/** Asks for nodes by a filter expression, which the servers evaluate. */
export function askWhere(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<WhereAnswer>> {
  return new WherePick(session, selection).ask({ ...frame, canGoBack: true });
}

interface WhereRow extends vscode.QuickPickItem {
  /** The expression to continue with. */
  readonly text?: string;
  /** The nodes to choose. */
  readonly answer?: WhereAnswer;
}

/** What the servers said about an expression. */
type Evaluation =
  | { readonly text: string; readonly labels: readonly string[] }
  | { readonly text: string; readonly problem: string };

class WherePick {
  readonly #session: PickSession;
  readonly #selection: TargetSelection;
  readonly #pick = vscode.window.createQuickPick<WhereRow>();
  #vocabulary: FilterVocabulary | undefined;
  #evaluation: Evaluation | undefined;
  #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(session: PickSession, selection: TargetSelection) {
    this.#session = session;
    this.#selection = selection;
    this.#pick.placeholder = 'Meta.rack == "r1" and Checks.Status == "critical"';
  }

  ask(frame: StepFrame): Promise<Answer<WhereAnswer>> {
    this.#draw();
    return showUntilAnswered(this.#pick, frame, () => this.#answer(), {
      listeners: [
        this.#pick.onDidChangeValue(() => this.#update()),
        this.#session.datacenters.onChange(() => {
          this.#vocabulary = undefined;
          this.#update();
        }),
        new vscode.Disposable(() => this.#cancel()),
      ],
    });
  }

  /** @returns undefined to leave the pick open, after a completion */
  #answer(): WhereAnswer | undefined {
    const [row] = this.#pick.selectedItems;
    if (row?.answer && row.answer.labels.length > 0) return row.answer;
    if (row?.text !== undefined) {
      this.#pick.value = row.text;
      this.#update();
    }
    return undefined;
  }

  #update(): void {
    this.#cancel();
    const text = this.#pick.value.trim();
    if (this.#evaluation?.text !== text) this.#evaluation = undefined;
    if (text !== '') {
      this.#timer = setTimeout(() => void this.#evaluate(text), TYPING_PAUSE_MS);
    }
    this.#draw();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  async #evaluate(text: string): Promise<void> {
    const { signal } = (this.#stop = new AbortController());
    let evaluation: Evaluation;
    try {
      evaluation = { text, labels: await nodesWhere(this.#session, this.#selection, text, signal) };
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ConsulError)) throw error;
      evaluation = { text, problem: whereProblemMessage(error, text) };
    }
    if (signal.aborted) return;
    this.#evaluation = evaluation;
    this.#draw();
  }

  #draw(): void {
    const { datacenters } = this.#session;
    const targets = nodesOfStep(datacenters, this.#selection);
    this.#vocabulary ??= new FilterVocabulary(targets.map(({ node }) => node));
    const isWaiting = this.#evaluation === undefined && this.#pick.value.trim() !== '';
    this.#pick.busy = isWaiting;
    setPrompt(this.#pick, this.#prompt());
    const completions = completeFilter(this.#pick.value, this.#vocabulary).map(
      ({ label, text, count }): WhereRow => ({
        label: plainLabel(label),
        ...(count === undefined || count === 0 ? {} : { description: String(count) }),
        text,
        alwaysShow: true,
      }),
    );
    this.#pick.items = [
      ...(isWaiting ? [waitingRow()] : this.#resultRows(targets.length)),
      ...(completions.length > 0 ? [separator(vscode.l10n.t('continue with'))] : []),
      ...completions,
    ];
  }

  #resultRows(total: number): WhereRow[] {
    if (!this.#evaluation || 'problem' in this.#evaluation) return [];
    const { text: filter, labels } = this.#evaluation;
    return [
      {
        label:
          labels.length === 0
            ? vscode.l10n.t('Matches no node.')
            : vscode.l10n.t('Choose {0} of {1}', labels.length, nodeCountLabel(total)),
        description: plainLabel(joinNames(labels)),
        iconPath: new vscode.ThemeIcon(labels.length === 0 ? 'circle-slash' : 'check'),
        answer: { filter, labels },
        alwaysShow: true,
      },
    ];
  }

  #prompt(): string {
    const evaluation = this.#evaluation;
    const text =
      evaluation && 'problem' in evaluation
        ? evaluation.problem
        : vscode.l10n.t('A filter expression of Consul, evaluated by its servers.');
    return withoutLinks([text, ...datacenterWarnings(this.#session)].join(' '));
  }
}

function waitingRow(): WhereRow {
  return {
    label: vscode.l10n.t('Evaluating…'),
    iconPath: new vscode.ThemeIcon('loading~spin'),
    alwaysShow: true,
  };
}
