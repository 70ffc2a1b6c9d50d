import * as vscode from 'vscode';
import { type NodeResult, STANDINGS, standingOf } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import {
  moreItem,
  nodeItem,
  nodeTooltip,
  type RunElement,
  runItem,
  runTooltip,
} from './runElements.ts';
import type { RunService } from './runService.ts';

/** Nodes shown under a run at first, and more by each "Show more": rows cost the window its time. */
const PAGE = 500;
/** How often a run that changes is drawn anew. */
const REDRAW_MS = 250;
/** How often "last heard 3 s ago" is told anew while a run goes on. */
const TICK_MS = 1000;

/** Runs, newest first, and under each its nodes, those that need a look first. */
export class RunsTree implements vscode.TreeDataProvider<RunElement>, vscode.Disposable {
  readonly #runs: RunService;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<RunElement | undefined>();
  /** The editor knows a run again only by the same object. */
  readonly #elements = new WeakMap<Run, RunElement>();
  readonly #shown = new WeakMap<Run, number>();
  readonly #stale = new Set<Run>();
  #redraw: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: RunService) {
    this.#runs = runs;
    this.#subscriptions = [
      runs.onDidChange(({ run }) => this.#touch(run)),
      runs.onDidChangeList(() => {
        this.#changed.fire(undefined);
        this.#keepTicking();
      }),
    ];
  }

  getChildren(element?: RunElement): RunElement[] {
    if (!element) return this.#runs.all.map((run) => this.element(run));
    return element.kind === 'run' ? this.#nodes(element.run) : [];
  }

  getParent(element: RunElement): RunElement | undefined {
    return element.kind === 'run' ? undefined : this.element(element.run);
  }

  getTreeItem(element: RunElement): vscode.TreeItem {
    switch (element.kind) {
      case 'run':
        return runItem(element.run);
      case 'more':
        return moreItem(element.run, element.count);
      case 'node': {
        const result = element.run.ledger.get(element.node);
        return result ? nodeItem(element.run, result) : new vscode.TreeItem(element.node);
      }
    }
  }

  resolveTreeItem(item: vscode.TreeItem, element: RunElement): vscode.TreeItem {
    if (element.kind === 'run') item.tooltip = runTooltip(element.run);
    if (element.kind === 'node') {
      const result = element.run.ledger.get(element.node);
      if (result) item.tooltip = nodeTooltip(element.run, result);
    }
    return item;
  }

  element(run: Run): RunElement {
    let element = this.#elements.get(run);
    if (!element) this.#elements.set(run, (element = { kind: 'run', run }));
    return element;
  }

  showMore(run: Run): void {
    this.#shown.set(run, (this.#shown.get(run) ?? PAGE) + PAGE);
    this.#changed.fire(this.element(run));
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    clearInterval(this.#tick);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #nodes(run: Run): RunElement[] {
    const most = this.#shown.get(run) ?? PAGE;
    const shown = worstFirst(run.ledger.nodes).slice(0, most);
    const left = run.ledger.size - shown.length;
    return [
      ...shown.map(({ node }): RunElement => ({ kind: 'node', run, node })),
      ...(left > 0 ? [{ kind: 'more', run, count: left } satisfies RunElement] : []),
    ];
  }

  #touch(run: Run): void {
    this.#stale.add(run);
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      for (const stale of this.#stale) this.#changed.fire(this.element(stale));
      this.#stale.clear();
    }, REDRAW_MS);
  }

  #keepTicking(): void {
    if (this.#runs.going.length === 0) {
      clearInterval(this.#tick);
      this.#tick = undefined;
      return;
    }
    this.#tick ??= setInterval(() => {
      for (const run of this.#runs.going) this.#touch(run);
    }, TICK_MS);
  }
}

/** Failed, lost, silent, running, waiting, ok; within each in the ledger's own order, so that rows keep their place. */
function worstFirst(nodes: Iterable<NodeResult>): NodeResult[] {
  const byStanding = Map.groupBy(nodes, standingOf);
  return STANDINGS.flatMap((standing) => byStanding.get(standing) ?? []);
}
