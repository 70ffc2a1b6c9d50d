import * as vscode from 'vscode';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { FilterRefusedError, readFilteredNodes } from '../../consul/catalog/filteredNodes.ts';
import { LiveInventory } from '../../consul/catalog/liveInventory.ts';
import { type Directive, valueOf } from '../../exec/directive/directive.ts';
import { directiveTargets, type DirectiveTargets } from '../../exec/directive/directiveTargets.ts';
import { matchDirective } from '../../exec/directive/matchDirective.ts';
import { whereProblemMessage } from '../pick/choice/nodesWhere.ts';
import { setOf, setProblem } from './directiveSet.ts';
import type { ConnectionService, OpenConnection } from '../connections/connectionService.ts';

/** The nodes that a directive means now, in the datacenter of the connection. */
export type LiveMatch =
  | { readonly nodes: readonly CatalogNode[]; readonly datacenter: string }
  /** It can't be evaluated. */
  | { readonly problem: string; readonly key: 'where' | 'set' };

/** What the servers said about a filter expression while the nodes were these. */
interface Evaluation {
  readonly nodes: readonly CatalogNode[];
  readonly names?: ReadonlySet<string>;
  readonly problem?: string;
}

interface FoundNodes {
  readonly filtered: ReadonlySet<string> | undefined;
  readonly found: readonly CatalogNode[];
}

/** After an agent couldn't be reached. */
const RETRY_MS = 15_000;

/**
 * The nodes of the active connection while a visible editor shows a directive. At other times nothing
 * is read.
 */
export class LiveTargets implements vscode.Disposable {
  readonly #connections: ConnectionService;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #evaluations = new Map<string, Evaluation>();
  /** What was found while the nodes were `#matchedNodes`: many blocks of a document mean the same. */
  readonly #matches = new Map<string, FoundNodes>();
  #matchedNodes: readonly CatalogNode[] | undefined;
  readonly #subscription: vscode.Disposable;
  #retry: NodeJS.Timeout | undefined;
  #isWatching = false;
  #stop = new AbortController();
  #connection: OpenConnection | undefined;
  #inventory: LiveInventory | undefined;
  /** Identifies the connection that is read. */
  #place = '';

  readonly onDidChange = this.#changed.event;

  constructor(connections: ConnectionService, log: vscode.LogOutputChannel) {
    this.#connections = connections;
    this.#log = log;
    this.#subscription = connections.onDidChange(() => this.#followConnection());
  }

  /** All nodes of the connection's datacenter; undefined while they aren't known. */
  get nodes(): readonly CatalogNode[] | undefined {
    return this.#inventory?.nodes;
  }

  /** Starts or stops reading. */
  watch(isWanted: boolean): void {
    if (isWanted === this.#isWatching) return;
    this.#isWatching = isWanted;
    if (isWanted) void this.#open();
    else this.#close();
  }

  /** @returns undefined while that isn't known, and for other connections and datacenters */
  match(directive: Directive): LiveMatch | undefined {
    const nodes = this.nodes;
    const connection = this.#connection;
    if (!nodes || !connection || directive.problems.length > 0) return undefined;
    const { datacenter, name } = connection;
    if ((valueOf(directive, 'connection') ?? name) !== name) return undefined;
    const problem = setProblem(directive);
    if (problem !== undefined) return { problem, key: 'set' };
    const targets = directiveTargets(directive, setOf(directive)?.set);
    const { datacenters, where } = targets;
    if (datacenters.some((other) => other !== datacenter)) return undefined;
    const evaluation = where === undefined ? undefined : this.#evaluate(where, nodes);
    if (where !== undefined && !evaluation) return undefined;
    if (evaluation?.problem !== undefined) {
      return { problem: evaluation.problem, key: 'where' };
    }
    return { nodes: this.#find(targets, nodes, datacenter, evaluation?.names), datacenter };
  }

  dispose(): void {
    this.#isWatching = false;
    this.#close();
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #open(): Promise<void> {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    this.#place = this.#activePlace();
    try {
      const connection = await this.#connections.openQuietly(signal);
      if (!connection || signal.aborted) return;
      const inventory = new LiveInventory(connection.consul);
      this.#connection = connection;
      this.#inventory = inventory;
      inventory.onChange(() => this.#changed.fire());
      await inventory.ready();
    } catch (error) {
      if (signal.aborted) return;
      this.#log.debug(`Lenses can't show nodes: ${String(error)}`);
      // An inventory that was opened tries again by itself.
      if (!this.#inventory) this.#retry = setTimeout(() => void this.#open(), RETRY_MS);
    }
  }

  /** VS Code asks again whenever something may have changed, and a large fleet takes long. */
  #find(
    targets: DirectiveTargets,
    nodes: readonly CatalogNode[],
    datacenter: string,
    filtered: ReadonlySet<string> | undefined,
  ): readonly CatalogNode[] {
    if (nodes !== this.#matchedNodes) {
      this.#matches.clear();
      this.#matchedNodes = nodes;
    }
    const key = JSON.stringify(targets);
    const known = this.#matches.get(key);
    if (known && known.filtered === filtered) return known.found;
    const found = matchDirective(targets, nodes, datacenter, filtered);
    this.#matches.set(key, { filtered, found });
    return found;
  }

  #close(): void {
    this.#stop.abort();
    clearTimeout(this.#retry);
    this.#inventory?.dispose();
    this.#inventory = undefined;
    this.#connection = undefined;
    this.#evaluations.clear();
    this.#matches.clear();
  }

  #followConnection(): void {
    if (!this.#isWatching || this.#activePlace() === this.#place) return;
    this.#close();
    this.#changed.fire();
    void this.#open();
  }

  #activePlace(): string {
    const { name, address, profile } = this.#connections.active;
    return JSON.stringify([name, address, profile]);
  }

  /** Asks the servers again when nodes have changed; until they answer, the last answer stays. */
  #evaluate(where: string, nodes: readonly CatalogNode[]): Evaluation | undefined {
    const known = this.#evaluations.get(where);
    if (known?.nodes !== nodes) {
      const { signal } = this.#stop;
      // Asked once, whatever the answer.
      if (known) this.#evaluations.set(where, { ...known, nodes });
      else this.#evaluations.set(where, { nodes });
      void this.#ask(where, nodes, signal);
    }
    return known?.names || known?.problem !== undefined ? known : undefined;
  }

  async #ask(where: string, nodes: readonly CatalogNode[], signal: AbortSignal): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    try {
      const names = new Set(await readFilteredNodes(connection.consul, where, signal));
      this.#evaluations.set(where, { nodes, names });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof FilterRefusedError)) {
        this.#log.debug(`Lenses can't evaluate a filter: ${String(error)}`);
        return;
      }
      this.#evaluations.set(where, { nodes, problem: whereProblemMessage(error, where) });
    }
    this.#changed.fire();
  }
}
