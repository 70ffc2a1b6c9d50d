import * as vscode from 'vscode';
import { nodeLabel } from '../../base/nodeLabel.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { listDatacenters } from '../../consul/catalog/datacenters.ts';
import { LiveInventory } from '../../consul/catalog/liveInventory.ts';
import { readMembers } from '../../consul/catalog/members.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { consulIn } from '../connections/runPlace.ts';
import type { FleetNode } from './fleetNode.ts';

/** A datacenter of the fleet. Its nodes are read from when it is first expanded. */
export class FleetDatacenter implements vscode.Disposable {
  readonly name: string;
  /** Whether it is the datacenter of the connection. */
  readonly isOwn: boolean;
  readonly #connection: OpenConnection;
  readonly #changed: () => void;
  #inventory: LiveInventory | undefined;
  #from: readonly CatalogNode[] | undefined;
  #nodes: readonly FleetNode[] = [];
  #isDisposed = false;

  constructor(connection: OpenConnection, name: string, changed: () => void) {
    this.name = name;
    this.isOwn = name === connection.datacenter;
    this.#connection = connection;
    this.#changed = changed;
  }

  /** The nodes as they were read last: the same array until they change. */
  get nodes(): readonly FleetNode[] {
    const nodes = this.#inventory?.nodes ?? [];
    if (nodes !== this.#from) {
      this.#from = nodes;
      const datacenter = this.name;
      this.#nodes = nodes.map((node) => ({
        datacenter,
        node,
        label: nodeLabel(node.name, datacenter),
      }));
    }
    return this.#nodes;
  }

  /** When the nodes were read, in milliseconds since the epoch, if reading them fails now. */
  get staleSince(): number | undefined {
    return this.#inventory?.failure === undefined ? undefined : this.#inventory.readAt;
  }

  /** Whether the servers say that the token doesn't see every node. */
  get isFiltered(): boolean {
    return this.#inventory?.filtered === true;
  }

  /**
   * Reads the nodes from now on, unless it is disposed of.
   * @throws ConsulError if the first read fails
   */
  async watch(): Promise<void> {
    if (this.#isDisposed) return;
    if (!this.#inventory) {
      this.#inventory = new LiveInventory(consulIn(this.#connection, this.name));
      this.#inventory.onChange(this.#changed);
    }
    await this.#inventory.ready();
  }

  /** Stops reading. The nodes that were read stay. */
  dispose(): void {
    this.#isDisposed = true;
    this.#inventory?.dispose();
  }
}

/** The datacenters that a connection reaches, while the Fleet view is visible. */
export class OpenFleet implements vscode.Disposable {
  readonly connection: OpenConnection;
  readonly datacenters: readonly FleetDatacenter[];
  /** The version of Consul by node of the connection's own datacenter. */
  readonly versions: ReadonlyMap<string, string>;
  readonly #changed = new vscode.EventEmitter<void>();

  /** The nodes of a datacenter, or whether they can be read, have changed. */
  readonly onDidChange = this.#changed.event;

  private constructor(
    connection: OpenConnection,
    names: readonly string[],
    versions: ReadonlyMap<string, string>,
  ) {
    this.connection = connection;
    this.versions = versions;
    this.datacenters = names.map(
      (name) => new FleetDatacenter(connection, name, () => this.#changed.fire()),
    );
  }

  /** @throws ConsulError if the agent or its datacenter can't be read */
  static async open(connection: OpenConnection): Promise<OpenFleet> {
    const { consul, datacenter } = connection;
    const [all, versions] = await Promise.all([
      orElse(listDatacenters(consul), []),
      connection.self?.datacenter === datacenter
        ? orElse(readVersions(connection), new Map<string, string>())
        : new Map<string, string>(),
    ]);
    const others = all.filter((name) => name !== datacenter).sort();
    const fleet = new OpenFleet(connection, [datacenter, ...others], versions);
    try {
      await fleet.datacenters[0]?.watch();
      return fleet;
    } catch (error) {
      fleet.dispose();
      throw error;
    }
  }

  dispose(): void {
    for (const datacenter of this.datacenters) datacenter.dispose();
    this.#changed.dispose();
  }
}

async function readVersions({ consul }: OpenConnection): Promise<Map<string, string>> {
  const members = await readMembers(consul);
  return new Map(members.map(({ name, version }) => [name, version]));
}

/** What only adds to the view must not keep it from opening. */
async function orElse<T>(read: Promise<T>, instead: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ConsulError) return instead;
    throw error;
  }
}
