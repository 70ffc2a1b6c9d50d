import { nodeLabel } from '../../../base/nodeLabel.ts';
import { isAddress, NodeAddresses } from './addresses.ts';
import { doAtOnce, type Steps } from './steps.ts';

/** A node that a text can name. */
export interface KnownNode {
  /** What identifies it: its name, with the datacenter where there are several. */
  readonly label: string;
  readonly name: string;
  readonly datacenter?: string | undefined;
  readonly address?: string | undefined;
}

/** The nodes that names are looked up in, of one datacenter or several. */
export class KnownNodes {
  readonly labels: readonly string[];
  readonly #nodes: readonly KnownNode[];
  /** Made when a name is looked up first: most texts that a user types are no names. */
  #byName: ReadonlyMap<string, readonly string[]> | undefined;
  #addresses: NodeAddresses | undefined;

  constructor(nodes: readonly KnownNode[]) {
    this.#nodes = nodes;
    this.labels = nodes.map(({ label }) => label);
  }

  static named(names: readonly string[]): KnownNodes {
    return new KnownNodes(names.map((name) => ({ label: name, name })));
  }

  /** Labels of the nodes with exactly this name: `web-01` in each datacenter, or `web-01@dc1`. */
  named(name: string): readonly string[] {
    this.#byName ??= doAtOnce(this.groupingBy((known) => known));
    return this.#byName.get(name) ?? [];
  }

  /** Call this before the first look-up where many nodes must not block. @returns all names */
  *indexing(): Steps<Iterable<string>> {
    this.#byName ??= yield* this.groupingBy((known) => known);
    return this.#byName.keys();
  }

  /** Labels by a key of each way to write the name. */
  *groupingBy(keyOf: (name: string) => string): Steps<ReadonlyMap<string, readonly string[]>> {
    const groups = new Map<string, string[]>();
    for (const node of this.#nodes) {
      yield;
      for (const name of fullNames(node)) {
        const key = keyOf(name);
        const labels = groups.get(key);
        if (!labels) groups.set(key, [node.label]);
        // Two ways to write the name of a node can have the same key.
        else if (labels.at(-1) !== node.label) labels.push(node.label);
      }
    }
    return groups;
  }

  /** Labels of the nodes with an IP address, or with one in a range; undefined for other texts. */
  *findingAddress(text: string): Steps<readonly string[] | undefined> {
    if (!isAddress(text)) return undefined;
    this.#addresses ??= yield* NodeAddresses.of(this.#nodes);
    return yield* this.#addresses.finding(text);
  }

  /** Labels of the nodes whose name the expression matches; if it has an `@`, with the datacenter. */
  matching(expression: RegExp): string[] {
    const namesOf = expression.source.includes('@') ? fullNames : ({ name }: KnownNode) => [name];
    return this.#nodes
      .filter((node) => namesOf(node).some((name) => expression.test(name)))
      .map(({ label }) => label);
  }
}

/** The ways to write a node's name. */
function fullNames({ label, name, datacenter }: KnownNode): string[] {
  const names = label === name ? [name] : [label, name];
  return datacenter === undefined ? names : [...names, nodeLabel(name, datacenter)];
}
