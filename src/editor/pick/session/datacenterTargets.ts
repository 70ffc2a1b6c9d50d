import * as vscode from 'vscode';
import type { CatalogNode } from '../../../consul/catalog/catalogNode.ts';
import type { Consul } from '../../../consul/consul.ts';
import { foreignSessionNode } from '../../../consul/catalog/datacenters.ts';
import { PermissionError } from '../../../consul/errors/consulErrors.ts';
import { LiveInventory } from '../../../consul/catalog/liveInventory.ts';
import { type TargetSelection, selectTargets } from '../../../exec/targeting/targetSelection.ts';
import { readRights, type Rights } from '../../../exec/access/missingPermissions.ts';
import { nodeLabel } from '../../../base/nodeLabel.ts';
import type { OpenConnection } from '../../connections/connectionService.ts';
import { consulIn } from '../../connections/runPlace.ts';

/** One datacenter that a run can reach. */
export interface TargetDatacenter {
  readonly datacenter: string;
  /** A client whose requests go to this datacenter. */
  readonly consul: Consul;
  /** Whether it is the datacenter of the connection's agent. */
  readonly isLocal: boolean;
  /** What the token can do there. It has every right that a run requires. */
  readonly rights: Rights;
  /** Updated while the datacenters are open. */
  readonly nodes: readonly CatalogNode[];
  /** Milliseconds since the epoch when `nodes` was read, if reading it fails now. */
  readonly staleSince: number | undefined;
}

/** A node and its datacenter. */
export interface TargetNode {
  readonly datacenter: TargetDatacenter;
  readonly node: CatalogNode;
  /** Its name; with its datacenter if the run has several. */
  readonly label: string;
}

/** The nodes that match a selection: the same object until the selection or the nodes change. */
export interface MatchedTargets {
  readonly reached: readonly TargetNode[];
  readonly unreachable: readonly TargetNode[];
}

/** The datacenters of a future run, with live inventories. Dispose of them after the pick. */
export class TargetDatacenters implements vscode.Disposable {
  readonly all: readonly TargetDatacenter[];
  readonly #inventories: readonly LiveInventory[];
  /** The latest result: one step asks for it several times, which would be slow on many nodes. */
  #last:
    | {
        readonly selection: TargetSelection;
        readonly nodes: readonly unknown[];
        readonly targets: MatchedTargets;
      }
    | undefined;

  private constructor(all: readonly TargetDatacenter[], inventories: readonly LiveInventory[]) {
    this.all = all;
    this.#inventories = inventories;
  }

  /**
   * Reads the nodes and keeps the lists up to date. Checks the token's permissions before the user
   * selects anything; if the servers don't report them, the run itself finds out.
   * @param names datacenters; the connection's own datacenter if empty
   * @param prefix of the run's keys
   * @throws PermissionError with all permissions that a run lacks
   * @throws ConsulError when an inventory can't be read
   */
  static async open(
    connection: OpenConnection,
    names: readonly string[],
    prefix: string,
  ): Promise<TargetDatacenters> {
    const wanted = names.length > 0 ? names : [connection.datacenter];
    const inventories: LiveInventory[] = [];
    try {
      const opening = wanted.map((datacenter) => {
        const consul = consulIn(connection, datacenter);
        const inventory = new LiveInventory(consul);
        inventories.push(inventory);
        return openDatacenter(connection, datacenter, consul, inventory, prefix);
      });
      return new TargetDatacenters(await Promise.all(opening), inventories);
    } catch (error) {
      for (const inventory of inventories) inventory.dispose();
      throw error;
    }
  }

  get hasSeveral(): boolean {
    return this.all.length > 1;
  }

  /** `dc1`, or `dc1, dc2`. */
  get names(): string {
    return this.all.map(({ datacenter }) => datacenter).join(', ');
  }

  /** Whether these are the names of the datacenters, in any order. */
  haveNames(names: readonly string[]): boolean {
    const wanted = new Set(names);
    return (
      wanted.size === this.all.length &&
      this.all.every((datacenter) => wanted.has(datacenter.datacenter))
    );
  }

  get nodes(): readonly CatalogNode[] {
    return this.all.flatMap(({ nodes }) => nodes);
  }

  targets(selection: TargetSelection): MatchedTargets {
    const nodes = this.all.map((datacenter) => datacenter.nodes);
    const last = this.#last;
    if (last?.selection === selection && last.nodes.every((list, i) => list === nodes[i])) {
      return last.targets;
    }
    const matches = this.all.map((datacenter) => ({
      datacenter,
      matched: selectTargets(selection, datacenter.nodes),
    }));
    const labeled = (part: 'reached' | 'unreachable') =>
      matches.flatMap(({ datacenter, matched }) =>
        matched[part].map((node) => ({
          datacenter,
          node,
          label: this.label(datacenter, node.name),
        })),
      );
    const targets = { reached: labeled('reached'), unreachable: labeled('unreachable') };
    this.#last = { selection, nodes, targets };
    return targets;
  }

  /** Labels of the nodes that the selection reaches. */
  reachedLabels(selection: TargetSelection): string[] {
    return this.targets(selection).reached.map(({ label }) => label);
  }

  count(selection: TargetSelection): number {
    return this.all.reduce(
      (sum, { nodes }) => sum + selectTargets(selection, nodes).reached.length,
      0,
    );
  }

  /** The name of a node in the run. */
  label({ datacenter }: TargetDatacenter, name: string): string {
    return this.hasSeveral ? nodeLabel(name, datacenter) : name;
  }

  onChange(listener: () => void): vscode.Disposable {
    const unsubscribes = this.#inventories.map((inventory) => inventory.onChange(listener));
    return new vscode.Disposable(() => unsubscribes.forEach((unsubscribe) => unsubscribe()));
  }

  dispose(): void {
    for (const inventory of this.#inventories) inventory.dispose();
  }
}

/** Without these rights a run is impossible; without others it only sees less. */
const REQUIRED_RIGHTS: ReadonlySet<string> = new Set(['key', 'event', 'session']);

async function openDatacenter(
  { self }: OpenConnection,
  datacenter: string,
  consul: Consul,
  inventory: LiveInventory,
  prefix: string,
): Promise<TargetDatacenter> {
  const sessionNode = (await foreignSessionNode(consul, self)) ?? self?.nodeName ?? '';
  const rights = await readRights(consul, { prefix, sessionNode });
  const [first, ...more] = (rights.missing ?? []).filter(({ resource }) =>
    REQUIRED_RIGHTS.has(resource),
  );
  if (first) throw new PermissionError([first, ...more], consul.transport.hasToken);
  await inventory.ready();
  return {
    datacenter,
    consul,
    isLocal: datacenter === self?.datacenter,
    rights,
    get nodes() {
      return inventory.nodes ?? [];
    },
    get staleSince() {
      return inventory.failure === undefined ? undefined : inventory.readAt;
    },
  };
}
