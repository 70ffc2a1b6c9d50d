import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import type { GroupMode } from '../../runs/grouping/groupMode.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { type NodeResult, type NodeStatus, statusOf } from '../../runs/model/nodeStatus.ts';
import { GROUP_MODE, IGNORED_DIFFERENCES } from './viewOptionKeys.ts';

/** Which nodes the tree shows. */
export interface NodeFilter {
  /** Part of the name; empty for any name. */
  readonly text: string;
  /** Undefined for all statuses. */
  readonly statuses: readonly NodeStatus[] | undefined;
}

const NO_FILTER: NodeFilter = { text: '', statuses: undefined };

/** How the Runs view shows runs: grouping, ignored differences, filter. The first two are saved. */
export class RunsViewOptions implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #filter = NO_FILTER;

  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get mode(): GroupMode {
    return GROUP_MODE.read(this.#state);
  }

  get ignored(): IgnoredDifferences {
    return IGNORED_DIFFERENCES.read(this.#state);
  }

  get filter(): NodeFilter {
    return this.#filter;
  }

  get isFiltered(): boolean {
    return this.#filter.text !== '' || this.#filter.statuses !== undefined;
  }

  async setMode(mode: GroupMode): Promise<void> {
    await GROUP_MODE.write(this.#state, mode);
    this.#changed.fire();
  }

  async setIgnored(ignored: IgnoredDifferences): Promise<void> {
    await IGNORED_DIFFERENCES.write(this.#state, ignored);
    this.#changed.fire();
  }

  setFilter(filter: NodeFilter | undefined): void {
    this.#filter = filter ?? NO_FILTER;
    this.#changed.fire();
  }

  shows(result: NodeResult): boolean {
    const { text, statuses } = this.#filter;
    if (statuses && !statuses.includes(statusOf(result))) return false;
    if (text === '') return true;
    return displayName(result.node).toLowerCase().includes(text.toLowerCase());
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
