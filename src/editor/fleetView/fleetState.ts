import * as vscode from 'vscode';
import { ReviewedNodes } from '../../exec/review/reviewedNodes.ts';
import type { LastResult } from '../../runs/lastResults.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import type { FleetNode } from './fleetNode.ts';
import { type FleetDatacenter, OpenFleet } from './openFleet.ts';

/** By service, where a node is below each of its services, or all nodes by name. */
export type FleetLayout = 'service' | 'name';

/**
 * What the Fleet view shows: the nodes, the filter, and which nodes are selected. All of it stays while the
 * view is hidden, when nothing is read.
 */
export class FleetState implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  #fleet: OpenFleet | undefined;
  #nodes = new ReviewedNodes<FleetNode>([]);
  #lists: readonly (readonly FleetNode[])[] = [];
  #shown = new Map<string, readonly FleetNode[]>();
  #shownFrom: readonly FleetNode[] | undefined;
  #layout: FleetLayout = 'service';
  #results: ReadonlyMap<string, LastResult> = new Map();

  readonly onDidChange = this.#changed.event;

  /** What was read last; undefined if nothing was. */
  get fleet(): OpenFleet | undefined {
    return this.#fleet;
  }

  get nodes(): ReviewedNodes<FleetNode> {
    return this.#nodes;
  }

  get layout(): FleetLayout {
    return this.#layout;
  }

  /**
   * Reads the nodes of a connection.
   * @param signal when it aborts, nothing is opened
   * @throws ConsulError
   */
  async open(connection: OpenConnection, signal: AbortSignal): Promise<void> {
    const fleet = await OpenFleet.open(connection);
    // Another one can be open by now.
    if (signal.aborted) {
      fleet.dispose();
      return;
    }
    this.#fleet?.dispose();
    this.#fleet = fleet;
    fleet.onDidChange(() => this.#list());
    this.#list();
  }

  /** Stops reading. What was read stays: rows that vanished would come back collapsed. */
  pause(): void {
    this.#fleet?.dispose();
  }

  /** Stops reading, and shows nothing. */
  close(): void {
    this.#fleet?.dispose();
    this.#fleet = undefined;
    this.#changed.fire();
  }

  /** Another connection has other nodes, even with the same names. */
  forget(): void {
    this.#nodes = new ReviewedNodes<FleetNode>([]);
    this.#lists = [];
    this.close();
  }

  /** Reads the nodes of a datacenter from now on. @throws ConsulError if the first read fails */
  async watch(datacenter: FleetDatacenter): Promise<void> {
    await datacenter.watch();
    this.#update();
  }

  /** The nodes of a datacenter that the filter shows: the same array until they change. */
  shownIn({ name }: FleetDatacenter): readonly FleetNode[] {
    const { shown } = this.#nodes;
    if (shown !== this.#shownFrom) {
      this.#shownFrom = shown;
      this.#shown = Map.groupBy(shown, ({ datacenter }) => datacenter);
    }
    return this.#shown.get(name) ?? [];
  }

  toggleLayout(): void {
    this.#layout = this.#layout === 'service' ? 'name' : 'service';
    this.#changed.fire();
  }

  setFilter(text: string): void {
    if (this.#nodes.filter === text.trim()) return;
    this.#nodes.filter = text;
    this.#changed.fire();
  }

  select(nodes: readonly FleetNode[], isSelected: boolean): void {
    this.#nodes.select(nodes, isSelected);
    this.#changed.fire();
  }

  clearSelection(): void {
    this.#nodes.selectNone();
    this.#changed.fire();
  }

  lastResult({ label }: FleetNode): LastResult | undefined {
    return this.#results.get(label);
  }

  setResults(results: ReadonlyMap<string, LastResult>): void {
    this.#results = results;
    this.#changed.fire();
  }

  dispose(): void {
    this.#fleet?.dispose();
    this.#changed.dispose();
  }

  #list(): void {
    this.#update();
    this.#changed.fire();
  }

  #update(): void {
    const lists = this.#fleet?.datacenters.map(({ nodes }) => nodes) ?? [];
    const isSame =
      lists.length === this.#lists.length && lists.every((list, i) => list === this.#lists[i]);
    if (isSame) return;
    this.#lists = lists;
    this.#nodes.list(lists.flat());
  }
}
