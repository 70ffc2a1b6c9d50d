import * as vscode from 'vscode';
import { type NodeResult, STANDINGS, standingOf } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import type { App } from '../app.ts';
import type { PlannedSteps } from '../steps/plannedSteps.ts';
import { stepOf } from '../steps/stepOf.ts';
import type { ListedRun } from './listedRun.ts';
import type { MoreElement, RunElement } from './runElements.ts';
import {
  groupItem,
  moreItem,
  moreKey,
  nodeItem,
  nodeTooltip,
  runItem,
  runTooltip,
} from './runItems.ts';
import type { RunService } from './runService.ts';
import type { RunsLook } from './runsLook.ts';
import { type ShownGroup, shownGroups } from './shownGroups.ts';

/** Rows shown in one place at first, and more by each "Show more": they cost the window its time. */
const PAGE = 500;
/** How often a run that changes is drawn anew. */
const REDRAW_MS = 250;
/** How often "last heard 3 s ago" is told anew while a run goes on. */
const TICK_MS = 1000;

/** Runs, newest first, and under each its nodes, in groups or those first that need a look. */
export class RunsTree implements vscode.TreeDataProvider<RunElement>, vscode.Disposable {
  readonly #runs: RunService;
  readonly #look: RunsLook;
  readonly #steps: PlannedSteps;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<RunElement | undefined>();
  /** The editor knows a run again only by the same object. */
  readonly #elements = new WeakMap<ListedRun, RunElement>();
  readonly #shown = new Map<string, number>();
  readonly #stale = new Set<string>();
  #redraw: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ runs, look, steps }: Pick<App, 'runs' | 'look' | 'steps'>) {
    this.#runs = runs;
    this.#look = look;
    this.#steps = steps;
    this.#subscriptions = [
      runs.onDidChange(({ run }) => this.#touch(run.info.id)),
      look.onDidChange(() => this.#changed.fire(undefined)),
      runs.onDidChangeList(() => {
        this.#changed.fire(undefined);
        this.#keepTicking();
      }),
    ];
  }

  async getChildren(element?: RunElement): Promise<RunElement[]> {
    if (!element) return this.#runs.all.map((listed) => this.element(listed));
    switch (element.kind) {
      case 'run':
        return this.#inRun(element.listed);
      case 'group':
        return this.#page(element.listed, element.run, element.group.nodes, element.group);
      case 'node':
      case 'more':
        return [];
    }
  }

  getParent(element: RunElement): RunElement | undefined {
    return element.kind === 'run' ? undefined : this.element(element.listed);
  }

  getTreeItem(element: RunElement): vscode.TreeItem {
    switch (element.kind) {
      case 'run':
        return runItem(
          element.listed,
          this.#runs.going.includes(element.listed),
          stepOf({ runs: this.#runs, steps: this.#steps }, element.listed.id),
        );
      case 'group':
        return groupItem(element);
      case 'more':
        return moreItem(element);
      case 'node': {
        const result = element.run.ledger.get(element.node);
        return result ? nodeItem(element, result) : new vscode.TreeItem(element.node);
      }
    }
  }

  resolveTreeItem(item: vscode.TreeItem, element: RunElement): vscode.TreeItem {
    if (element.kind === 'run') item.tooltip = runTooltip(element.listed);
    if (element.kind === 'node') {
      const result = element.run.ledger.get(element.node);
      if (result) item.tooltip = nodeTooltip(element.run, result);
    }
    return item;
  }

  element(listed: ListedRun): RunElement {
    let element = this.#elements.get(listed);
    if (!element) this.#elements.set(listed, (element = { kind: 'run', listed }));
    return element;
  }

  /** @param key of the place, from `moreKey` */
  showMore(key: string): void {
    this.#shown.set(key, (this.#shown.get(key) ?? PAGE) + PAGE);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    clearInterval(this.#tick);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #inRun(listed: ListedRun): Promise<RunElement[]> {
    const run = await this.#runs.load(listed);
    const { mode, ignored } = this.#look;
    if (mode === 'node') {
      const nodes = worstFirst(run.ledger.nodes).map(({ node }) => node);
      return this.#page(listed, run, nodes, undefined);
    }
    const grouping = await run.groupings.ignoring(ignored);
    const most = this.#most(listed, undefined);
    const shows = (node: string) => this.#shows(run, node);
    const { groups, leftOut } = await shownGroups(run, mode, grouping, most, shows);
    return [
      ...groups.map((group): RunElement => ({ kind: 'group', listed, run, group })),
      ...more({ listed, group: undefined, what: 'groups', count: leftOut }),
    ];
  }

  #page(
    listed: ListedRun,
    run: Run,
    nodes: readonly string[],
    group: ShownGroup | undefined,
  ): RunElement[] {
    const filtered = nodes.filter((node) => this.#shows(run, node));
    const most = this.#most(listed, group);
    return [
      ...filtered
        .slice(0, most)
        .map((node): RunElement => ({ kind: 'node', listed, run, node, group })),
      ...more({ listed, group, what: 'nodes', count: filtered.length - most }),
    ];
  }

  /** How many rows are shown in a place. */
  #most(listed: ListedRun, group: ShownGroup | undefined): number {
    return this.#shown.get(moreKey(listed, group)) ?? PAGE;
  }

  #shows(run: Run, node: string): boolean {
    const result = run.ledger.get(node);
    return result !== undefined && this.#look.shows(result);
  }

  #touch(id: string): void {
    this.#stale.add(id);
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      for (const stale of this.#stale) {
        const listed = this.#runs.find(stale);
        if (listed) this.#changed.fire(this.element(listed));
      }
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
      for (const { id } of this.#runs.going) this.#touch(id);
    }, TICK_MS);
  }
}

function more(left: Omit<MoreElement, 'kind'>): RunElement[] {
  return left.count > 0 ? [{ kind: 'more', ...left }] : [];
}

/** Failed, lost, silent, running, waiting, ok; within each in the ledger's own order, so that rows keep their place. */
function worstFirst(nodes: Iterable<NodeResult>): NodeResult[] {
  const byStanding = Map.groupBy(nodes, standingOf);
  return STANDINGS.flatMap((standing) => byStanding.get(standing) ?? []);
}
