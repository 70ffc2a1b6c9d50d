import * as vscode from 'vscode';
import type { Ignored } from '../../runs/ignored.ts';
import { displayName } from '../../runs/displayText.ts';
import { type NodeResult, type Standing, standingOf } from '../../runs/nodeResult.ts';
import type { GroupMode } from './shownGroups.ts';

/** Which nodes the tree shows. */
export interface NodeFilter {
  /** Part of the name; empty for any. */
  readonly text: string;
  /** undefined for all. */
  readonly standings: readonly Standing[] | undefined;
}

const NO_FILTER: NodeFilter = { text: '', standings: undefined };
const KEYS = { mode: 'groupMode', ignored: 'ignoredDifferences' } as const;

/** How the user looks at runs: grouping, ignored differences, filter. The first two are remembered. */
export class RunsLook implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #filter = NO_FILTER;

  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get mode(): GroupMode {
    return this.#state.get<GroupMode>(KEYS.mode, 'node');
  }

  get ignored(): Ignored {
    return this.#state.get<Ignored>(KEYS.ignored, {});
  }

  get filter(): NodeFilter {
    return this.#filter;
  }

  get isFiltered(): boolean {
    return this.#filter.text !== '' || this.#filter.standings !== undefined;
  }

  async setMode(mode: GroupMode): Promise<void> {
    await this.#state.update(KEYS.mode, mode);
    this.#changed.fire();
  }

  async setIgnored(ignored: Ignored): Promise<void> {
    await this.#state.update(KEYS.ignored, ignored);
    this.#changed.fire();
  }

  setFilter(filter: NodeFilter | undefined): void {
    this.#filter = filter ?? NO_FILTER;
    this.#changed.fire();
  }

  shows(result: NodeResult): boolean {
    const { text, standings } = this.#filter;
    if (standings && !standings.includes(standingOf(result))) return false;
    if (text === '') return true;
    return displayName(result.node).toLowerCase().includes(text.toLowerCase());
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
