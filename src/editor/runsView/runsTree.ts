import * as vscode from 'vscode';
import { type NodeResult, STATUSES, statusOf } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import type { PlannedSteps } from '../runs/plannedSteps.ts';
import type { ShownRamps } from '../rollout/shownRamps.ts';
import { stepOf } from '../runs/stepOf.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { TreePages } from '../nodeTree/treePages.ts';
import { Rollout } from '../rollout/rollout.ts';
import { Rollouts } from '../rollout/rollouts.ts';
import { rolloutItem } from './rolloutItem.ts';
import type { LoadServices, MoreElement, RunElement } from './runElements.ts';
import { groupItem, moreItem, moreKey, nodeItem, runItem, type RunPlace } from './runItems.ts';
import { nodeTooltip, runTooltip } from './tooltips.ts';
import type { RunList } from '../runs/runList.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { RunsViewOptions } from './viewOptions.ts';
import { RunFolding } from './runFolding.ts';
import { type ShownGroup, shownGroups } from './shownGroups.ts';

/** How often a changing run is redrawn. */
const REDRAW_INTERVAL_MS = 250;
/** How often "last heard 3 s ago" is updated while a run is active. */
const TICK_INTERVAL_MS = 1000;

export interface RunsTreeServices extends LoadServices {
  readonly viewOptions: RunsViewOptions;
  readonly steps: PlannedSteps;
  readonly ramps: ShownRamps;
}

/**
 * Runs, pinned ones and then the newest first, and under each run its nodes: in groups, or the nodes that
 * need attention first. The steps of a run are under one row.
 */
export class RunsTree implements vscode.TreeDataProvider<RunElement>, vscode.Disposable {
  readonly #runs: RunList;
  readonly #loader: RunLoader;
  readonly #viewOptions: RunsViewOptions;
  readonly #steps: PlannedSteps;
  readonly #ramps: ShownRamps;
  readonly #rollouts: Rollouts;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<RunElement | undefined>();
  /** VS Code recognizes a row only by the identity of its element. */
  readonly #elements = new WeakMap<ListedRun, RunElement>();
  readonly #folding = new RunFolding();
  /** By the keys of `moreKey`. */
  readonly #pages = new TreePages();
  readonly #stale = new Set<string>();
  #redraw: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ runs, loader, viewOptions, steps, ramps }: RunsTreeServices) {
    this.#runs = runs;
    this.#loader = loader;
    this.#viewOptions = viewOptions;
    this.#steps = steps;
    this.#ramps = ramps;
    // Before the listener below: it knows the list first.
    this.#rollouts = new Rollouts({ runs, steps });
    this.#subscriptions = [
      runs.onDidChange(({ run }) => this.#touch(run.info.id)),
      ramps.onDidChange((run) => this.#touch(run)),
      viewOptions.onDidChange(() => this.#changed.fire(undefined)),
      runs.onDidChangeList(() => {
        this.#changed.fire(undefined);
        this.#updateTick();
      }),
    ];
  }

  async getChildren(element?: RunElement): Promise<RunElement[]> {
    if (!element) return pinnedFirst(this.#rollouts.rows).map((row) => this.#rowOf(row));
    switch (element.kind) {
      case 'rollout':
        return element.runs.map((listed) => this.element(listed));
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
    switch (element.kind) {
      case 'rollout':
        return undefined;
      case 'run':
        return this.#rollouts.of(element.listed);
      default:
        return this.element(element.listed);
    }
  }

  getTreeItem(element: RunElement): vscode.TreeItem {
    switch (element.kind) {
      case 'rollout':
        return rolloutItem(element, this.#placeOf(element.listed, element));
      case 'run':
        return runItem(element.listed, this.#placeOf(element.listed, element.listed));
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

  /** A new run started: collapses the others. */
  foldOlder(newest: ListedRun): void {
    const current = new Set([newest, this.#rollouts.of(newest)]);
    const older = new Set([...this.#runs.all, ...this.#rollouts.rows]);
    if (this.#folding.fold([...older].filter((row) => !current.has(row)))) {
      this.#changed.fire(undefined);
    }
  }

  /** A row was expanded or collapsed. */
  toggled(element: RunElement, isExpanded: boolean): void {
    if (element.kind === 'run') this.#folding.toggled(element.listed, isExpanded);
    if (element.kind === 'rollout') this.#folding.toggled(element, isExpanded);
  }

  /** @param key the place, from `moreKey` */
  showMore(key: string): void {
    this.#pages.showMore(key);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    clearInterval(this.#tick);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#rollouts.dispose();
    this.#changed.dispose();
  }

  async #inRun(listed: ListedRun): Promise<RunElement[]> {
    const run = await this.#loader.load(listed);
    const { mode, ignored } = this.#viewOptions;
    if (mode === 'node') {
      const nodes = worstFirst(run.ledger.nodes).map(({ node }) => node);
      return this.#page(listed, run, nodes, undefined);
    }
    const grouping = await run.groupings.ignoring(ignored);
    const limit = this.#pages.limit(moreKey(listed, undefined));
    const shows = (node: string) => this.#shows(run, node);
    const { groups, hidden } = await shownGroups(run, mode, grouping, limit, shows);
    return [
      ...groups.map((group): RunElement => ({ kind: 'group', listed, run, group })),
      ...moreRow({ listed, group: undefined, what: 'groups', count: hidden }),
    ];
  }

  #page(
    listed: ListedRun,
    run: Run,
    nodes: readonly string[],
    group: ShownGroup | undefined,
  ): RunElement[] {
    const filtered = nodes.filter((node) => this.#shows(run, node));
    const limit = this.#pages.limit(moreKey(listed, group));
    return [
      ...filtered
        .slice(0, limit)
        .map((node): RunElement => ({ kind: 'node', listed, run, node, group })),
      ...moreRow({ listed, group, what: 'nodes', count: filtered.length - limit }),
    ];
  }

  #rowOf(row: ListedRun | Rollout): RunElement {
    return row instanceof Rollout ? row : this.element(row);
  }

  /** What a row says besides the run: of its step, or of all steps of its run. */
  #placeOf(listed: ListedRun, row: ListedRun | Rollout): RunPlace {
    return {
      step: stepOf({ runs: this.#runs, steps: this.#steps }, listed.id),
      ramp: this.#ramps.shown(listed.id),
      isFolded: this.#folding.isFolded(row),
      showsConnection: this.#hasSeveralConnections(),
      rolloutTitle: this.#rollouts.of(listed)?.listed.info.title,
    };
  }

  #hasSeveralConnections(): boolean {
    const [newest, ...older] = this.#runs.all;
    return older.some(({ info }) => info.connection !== newest?.info.connection);
  }

  #shows(run: Run, node: string): boolean {
    const result = run.ledger.get(node);
    return result !== undefined && this.#viewOptions.shows(result);
  }

  #touch(id: string): void {
    this.#stale.add(id);
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      for (const stale of this.#stale) {
        const listed = this.#runs.find(stale);
        // The row of a run in steps has the sum.
        if (listed) this.#changed.fire(this.#rollouts.of(listed) ?? this.element(listed));
      }
      this.#stale.clear();
    }, REDRAW_INTERVAL_MS);
  }

  #updateTick(): void {
    if (this.#runs.active.length === 0) {
      clearInterval(this.#tick);
      this.#tick = undefined;
      return;
    }
    this.#tick ??= setInterval(() => {
      for (const { id } of this.#runs.active) this.#touch(id);
    }, TICK_INTERVAL_MS);
  }
}

function moreRow(hidden: Omit<MoreElement, 'kind'>): RunElement[] {
  return hidden.count > 0 ? [{ kind: 'more', ...hidden }] : [];
}

function pinnedFirst(rows: readonly (ListedRun | Rollout)[]): readonly (ListedRun | Rollout)[] {
  return rows.toSorted((a, b) => Number(hasPin(b)) - Number(hasPin(a)));
}

/** A run in steps is on top with all of its steps if one of them is pinned. */
function hasPin(row: ListedRun | Rollout): boolean {
  return row instanceof Rollout ? row.runs.some(({ pinned }) => pinned) : row.pinned;
}

/** Sorts nodes in the order of `STATUSES`; within a status in the ledger's order, so rows don't jump. */
function worstFirst(nodes: Iterable<NodeResult>): NodeResult[] {
  const byStatus = Map.groupBy(nodes, statusOf);
  return STATUSES.flatMap((status) => byStatus.get(status) ?? []);
}
