import * as vscode from 'vscode';
import type { Consul } from '../../consul/consul.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { LiveInventory } from '../../consul/liveInventory.ts';
import { type Choice, chosenTargets } from '../../exec/choice.ts';
import { nodeLabel } from '../../exec/nodeLabel.ts';
import type { OpenConnection } from '../connections/connectionService.ts';

/** One datacenter a run may reach. */
export interface Site {
  readonly datacenter: string;
  /** Set to that datacenter. */
  readonly consul: Consul;
  /** As fresh as can be while the sites are open. */
  readonly nodes: readonly CatalogNode[];
}

/** A node together with where it is. */
export interface SiteNode {
  readonly site: Site;
  readonly node: CatalogNode;
  /** Its name; with its datacenter where several take part. */
  readonly label: string;
}

/** The datacenters of a run to be, with live inventories. Dispose of them when the pick is over. */
export class Sites implements vscode.Disposable {
  readonly all: readonly Site[];
  readonly #inventories: readonly LiveInventory[];

  private constructor(sites: readonly { site: Site; inventory: LiveInventory }[]) {
    this.all = sites.map(({ site }) => site);
    this.#inventories = sites.map(({ inventory }) => inventory);
  }

  /**
   * Reads what is there, and keeps it fresh.
   * @param names datacenters; the connection's own when empty
   * @throws ConsulError when an inventory cannot be read
   */
  static async open(connection: OpenConnection, names: readonly string[]): Promise<Sites> {
    const wanted = names.length > 0 ? names : [connection.datacenter];
    const sites = wanted.map((datacenter) => {
      const isDefault = datacenter === connection.datacenter;
      const consul = isDefault ? connection.consul : connection.consul.in(datacenter);
      const inventory = new LiveInventory(consul);
      const site = {
        datacenter,
        consul,
        get nodes() {
          return inventory.nodes ?? [];
        },
      };
      return { site, inventory };
    });
    const opened = new Sites(sites);
    try {
      await Promise.all(sites.map(({ inventory }) => inventory.ready()));
      return opened;
    } catch (error) {
      opened.dispose();
      throw error;
    }
  }

  get several(): boolean {
    return this.all.length > 1;
  }

  /** `dc1`, or `dc1, dc2`. */
  get names(): string {
    return this.all.map(({ datacenter }) => datacenter).join(', ');
  }

  get nodes(): readonly CatalogNode[] {
    return this.all.flatMap(({ nodes }) => nodes);
  }

  /** The nodes a choice means, those that can answer apart from the others. */
  targets(choice: Choice): { readonly reached: SiteNode[]; readonly unreachable: SiteNode[] } {
    const found = this.all.map((site) => ({ site, targets: chosenTargets(choice, site.nodes) }));
    const place = (pick: 'reached' | 'unreachable') =>
      found.flatMap(({ site, targets }) =>
        targets[pick].map((node) => ({ site, node, label: this.label(site, node.name) })),
      );
    return { reached: place('reached'), unreachable: place('unreachable') };
  }

  count(choice: Choice): number {
    return this.all.reduce(
      (sum, { nodes }) => sum + chosenTargets(choice, nodes).reached.length,
      0,
    );
  }

  /** What a node is called in the run. */
  label({ datacenter }: Site, name: string): string {
    return this.several ? nodeLabel(name, datacenter) : name;
  }

  /** @returns what ends the listening */
  onChange(listener: () => void): vscode.Disposable {
    const ends = this.#inventories.map((inventory) => inventory.onChange(listener));
    return new vscode.Disposable(() => ends.forEach((end) => end()));
  }

  dispose(): void {
    for (const inventory of this.#inventories) inventory.dispose();
  }
}
