import * as vscode from 'vscode';
import { errorMessage } from '../../base/errorMessage.ts';
import { lastResults } from '../../runs/lastResults.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { views } from '../base/contributions.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { withoutLinks } from '../base/plainLabel.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { placeOf } from '../launch/returnToConnection.ts';
import type { RunList } from '../runs/runList.ts';
import type { FleetRow } from './fleetRow.ts';
import { FleetState } from './fleetState.ts';
import { FleetTree } from './fleetTree.ts';
import { knownRun } from './knownRun.ts';

interface FleetServices {
  readonly connections: ConnectionService;
  readonly runs: RunList;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The Fleet view: the nodes of the active connection, with check boxes. It reads from Consul only while it
 * is visible.
 */
export class FleetView implements vscode.Disposable {
  readonly state = new FleetState();
  readonly #services: FleetServices;
  readonly #tree = new FleetTree(this.state);
  readonly #view: vscode.TreeView<FleetRow>;
  readonly #subscriptions: vscode.Disposable[];
  /** Identifies the connection whose nodes are shown. */
  #place = '';
  /** Aborts what is being opened. */
  #stop = new AbortController();
  /** Aborts the computation of the last results, which the next one replaces. */
  #results = new AbortController();

  constructor(services: FleetServices) {
    const { connections, runs } = services;
    this.#services = services;
    this.#place = this.#activePlace();
    this.#view = vscode.window.createTreeView<FleetRow>(views.fleet, {
      treeDataProvider: this.#tree,
      manageCheckboxStateManually: true,
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#subscriptions = [
      this.state.onDidChange(() => this.#draw()),
      this.#view.onDidChangeVisibility(({ visible }) => (visible ? this.#open() : this.#pause())),
      this.#view.onDidChangeCheckboxState(({ items }) => this.#toggle(items)),
      connections.onDidChange(() => this.#followConnection()),
      runs.onDidChangeList(() => void this.#readResults()),
    ];
    if (this.#view.visible) void this.#open();
  }

  showMore(key: string): void {
    this.#tree.showMore(key);
  }

  /** Reads everything again. */
  async refresh(): Promise<void> {
    this.#pause();
    if (this.#view.visible) await this.#open();
    else await vscode.commands.executeCommand(`${views.fleet}.focus`);
  }

  dispose(): void {
    this.#stop.abort();
    this.#results.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#tree.dispose();
    this.state.dispose();
  }

  async #open(): Promise<void> {
    this.#stop.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const { connections, log } = this.#services;
    try {
      await vscode.window.withProgress({ location: { viewId: views.fleet } }, async () => {
        const connection = await connections.open(stop.signal);
        await this.state.open(connection, stop.signal);
      });
      await this.#readResults();
    } catch (error) {
      if (stop.signal.aborted) return;
      this.state.close();
      log.warn(`The Fleet view can't read the nodes: ${String(error)}`);
      this.#view.message = withoutLinks(errorMessage(error));
    }
  }

  #pause(): void {
    this.#stop.abort();
    this.state.pause();
  }

  /** Opens what the connection now reaches. News about the same connection change nothing. */
  #followConnection(): void {
    const place = this.#activePlace();
    if (place === this.#place) return;
    this.#place = place;
    this.#stop.abort();
    this.state.forget();
    if (this.#view.visible) void this.#open();
  }

  #activePlace(): string {
    return JSON.stringify(placeOf(this.#services.connections));
  }

  #draw(): void {
    const { fleet, nodes } = this.state;
    if (fleet) {
      const stale = fleet.datacenters.find(({ staleSince }) => staleSince !== undefined);
      this.#view.message = withoutLinks(
        [
          fleet.connection.name,
          nodeCountLabel(nodes.listed.length),
          fleet.datacenters.some(({ isFiltered }) => isFiltered)
            ? vscode.l10n.t("your token doesn't see all")
            : '',
          stale?.staleSince === undefined
            ? ''
            : vscode.l10n.t("can't be read since {0}", timeLabel(stale.staleSince)),
        ]
          .filter(Boolean)
          .join(' · '),
      );
    } else {
      this.#view.message = '';
    }
    this.#view.description =
      this.state.layout === 'service' ? vscode.l10n.t('by service') : vscode.l10n.t('by name');
    this.#tree.draw();
  }

  async #readResults(): Promise<void> {
    const { fleet } = this.state;
    if (!fleet) return;
    this.#results.abort();
    const { signal } = (this.#results = new AbortController());
    const { runs } = this.#services;
    const results = await lastResults(runs.all.map(knownRun), fleet.connection.name, signal);
    if (!signal.aborted) this.state.setResults(results);
  }

  #toggle(items: readonly (readonly [FleetRow, vscode.TreeItemCheckboxState])[]): void {
    for (const [{ content }, box] of items) {
      const isSelected = box === vscode.TreeItemCheckboxState.Checked;
      if (content.kind === 'node') this.state.select([content.target], isSelected);
      if (content.kind === 'group') this.state.select(content.group.nodes, isSelected);
    }
  }
}
