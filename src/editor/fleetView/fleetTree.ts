import * as vscode from 'vscode';
import { type FleetGroup, groupFleet } from '../../exec/fleet/fleetGroups.ts';
import { TreePages } from '../nodeTree/treePages.ts';
import type { FleetNode } from './fleetNode.ts';
import { type FleetContent, FleetRow } from './fleetRow.ts';
import { fleetItem } from './fleetItems.ts';
import type { FleetState } from './fleetState.ts';
import type { FleetDatacenter } from './openFleet.ts';

/** The rows of the Fleet view: what is selected and filtered first, then the nodes. */
export class FleetTree implements vscode.TreeDataProvider<FleetRow>, vscode.Disposable {
  readonly #state: FleetState;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #pages = new TreePages();
  /** The groups of the nodes that are shown: grouping ten thousand nodes for each row would be slow. */
  readonly #groups = new WeakMap<readonly FleetNode[], FleetGroup<FleetNode>[]>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(state: FleetState) {
    this.#state = state;
  }

  draw(): void {
    this.#changed.fire(undefined);
  }

  showMore(key: string): void {
    this.#pages.showMore(key);
    this.draw();
  }

  getTreeItem(row: FleetRow): vscode.TreeItem {
    return fleetItem(this.#state, row);
  }

  getParent({ parent }: FleetRow): FleetRow | undefined {
    return parent;
  }

  async getChildren(parent?: FleetRow): Promise<FleetRow[]> {
    const contents = parent ? await this.#below(parent.content) : this.#roots();
    return contents.map((content) => new FleetRow(content, parent));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #roots(): FleetContent[] {
    const { fleet, nodes } = this.#state;
    if (!fleet) return [];
    const count = nodes.selected.length;
    const [own] = fleet.datacenters;
    return [
      ...(count > 0 ? [{ kind: 'run', count } as const] : []),
      ...(nodes.filter === '' ? [] : [{ kind: 'filter' } as const]),
      ...(fleet.datacenters.length === 1 && own
        ? this.#nodesOf(own)
        : fleet.datacenters.map((datacenter) => ({ kind: 'datacenter', datacenter }) as const)),
    ];
  }

  async #below(content: FleetContent): Promise<FleetContent[]> {
    if (content.kind === 'datacenter') {
      await this.#state.watch(content.datacenter);
      return this.#nodesOf(content.datacenter);
    }
    if (content.kind !== 'group') return [];
    const { datacenter, group } = content;
    const key = `${datacenter.name} ${group.service ?? ''}`;
    return this.#page(
      key,
      group.nodes.map((target) => ({ kind: 'node', target }) as const),
    );
  }

  #nodesOf(datacenter: FleetDatacenter): FleetContent[] {
    const shown = this.#state.shownIn(datacenter);
    if (this.#state.layout === 'name') {
      return this.#page(
        datacenter.name,
        shown.map((target) => ({ kind: 'node', target }) as const),
      );
    }
    let groups = this.#groups.get(shown);
    if (!groups) this.#groups.set(shown, (groups = groupFleet(shown)));
    return this.#page(
      datacenter.name,
      groups.map((group) => ({ kind: 'group', datacenter, group }) as const),
    );
  }

  #page(key: string, all: readonly FleetContent[]): FleetContent[] {
    const page = all.slice(0, this.#pages.limit(key));
    const count = all.length - page.length;
    return count > 0 ? [...page, { kind: 'more', key, count }] : page;
  }
}
