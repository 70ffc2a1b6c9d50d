import * as vscode from 'vscode';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import type { Consul } from '../../consul/consul.ts';
import { findSessionNode } from '../../consul/datacenters.ts';
import { PermissionError } from '../../consul/errors.ts';
import { LiveInventory } from '../../consul/liveInventory.ts';
import { type Choice, chosenTargets } from '../../exec/choice.ts';
import { readRights, type Rights } from '../../exec/missingPermissions.ts';
import { nodeLabel } from '../../exec/nodeLabel.ts';
import type { OpenConnection } from '../connections/connectionService.ts';

/** One datacenter a run may reach. */
export interface Site {
  readonly datacenter: string;
  /** Set to that datacenter. */
  readonly consul: Consul;
  /** Whether it is the one of the agent spoken to. */
  readonly home: boolean;
  /** What the token may do there; all that a run cannot do without is allowed. */
  readonly rights: Rights;
  /** As fresh as can be while the sites are open. */
  readonly nodes: readonly CatalogNode[];
  /** When `nodes` was read, in milliseconds since the epoch, if it cannot be read any more. */
  readonly staleSince: number | undefined;
}

/** A node together with where it is. */
export interface SiteNode {
  readonly site: Site;
  readonly node: CatalogNode;
  /** Its name; with its datacenter where several take part. */
  readonly label: string;
}

/** What `Sites.targets` gives: the very same object while neither the choice nor the nodes change. */
export interface SiteTargets {
  readonly reached: readonly SiteNode[];
  readonly unreachable: readonly SiteNode[];
}

/** The datacenters of a run to be, with live inventories. Dispose of them when the pick is over. */
export class Sites implements vscode.Disposable {
  readonly all: readonly Site[];
  readonly #inventories: readonly LiveInventory[];
  /** What was worked out last: one step asks for it several times, and on many nodes that shows. */
  #last:
    | { readonly choice: Choice; readonly nodes: readonly unknown[]; readonly targets: SiteTargets }
    | undefined;

  private constructor(all: readonly Site[], inventories: readonly LiveInventory[]) {
    this.all = all;
    this.#inventories = inventories;
  }

  /**
   * Reads what is there, and keeps it fresh. Finds out what the token lacks before the user has
   * chosen anything; where the servers do not tell, the run itself will.
   * @param names datacenters; the connection's own when empty
   * @param prefix of the run's keys
   * @throws PermissionError with all that a run lacks
   * @throws ConsulError when an inventory cannot be read
   */
  static async open(
    connection: OpenConnection,
    names: readonly string[],
    prefix: string,
  ): Promise<Sites> {
    const wanted = names.length > 0 ? names : [connection.datacenter];
    const inventories: LiveInventory[] = [];
    try {
      const opening = wanted.map((datacenter) => {
        const isDefault = datacenter === connection.datacenter;
        const consul = isDefault ? connection.consul : connection.consul.in(datacenter);
        const inventory = new LiveInventory(consul);
        inventories.push(inventory);
        return openSite(connection, datacenter, consul, inventory, prefix);
      });
      return new Sites(await Promise.all(opening), inventories);
    } catch (error) {
      for (const inventory of inventories) inventory.dispose();
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

  /** Whether these datacenters are the ones, in whatever order. */
  areOf(names: readonly string[]): boolean {
    const wanted = new Set(names);
    return wanted.size === this.all.length && this.all.every((site) => wanted.has(site.datacenter));
  }

  get nodes(): readonly CatalogNode[] {
    return this.all.flatMap(({ nodes }) => nodes);
  }

  targets(choice: Choice): SiteTargets {
    const nodes = this.all.map((site) => site.nodes);
    const last = this.#last;
    if (last?.choice === choice && last.nodes.every((list, i) => list === nodes[i])) {
      return last.targets;
    }
    const found = this.all.map((site) => ({ site, targets: chosenTargets(choice, site.nodes) }));
    const place = (pick: 'reached' | 'unreachable') =>
      found.flatMap(({ site, targets }) =>
        targets[pick].map((node) => ({ site, node, label: this.label(site, node.name) })),
      );
    const targets = { reached: place('reached'), unreachable: place('unreachable') };
    this.#last = { choice, nodes, targets };
    return targets;
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

/** Without these there is no run; without the others it only sees less. */
const FATAL: ReadonlySet<string> = new Set(['key', 'event', 'session']);

async function openSite(
  { self }: OpenConnection,
  datacenter: string,
  consul: Consul,
  inventory: LiveInventory,
  prefix: string,
): Promise<Site> {
  const sessionNode = (await findSessionNode(consul, self?.datacenter)) ?? self?.nodeName ?? '';
  const rights = await readRights(consul, { prefix, sessionNode });
  const [first, ...more] = (rights.missing ?? []).filter(({ resource }) => FATAL.has(resource));
  if (first) throw new PermissionError([first, ...more], consul.transport.hasToken);
  await inventory.ready();
  return {
    datacenter,
    consul,
    home: datacenter === self?.datacenter,
    rights,
    get nodes() {
      return inventory.nodes ?? [];
    },
    get staleSince() {
      return inventory.failure === undefined ? undefined : inventory.readAt;
    },
  };
}
