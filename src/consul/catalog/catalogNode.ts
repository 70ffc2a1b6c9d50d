/** Keys and values that operators give to a node or service; undefined if there are none. */
export type Metadata = Readonly<Record<string, string>>;

export interface ServiceInstance {
  /** Agents match the service filter against this ID (PROTOCOL.md §2.1). */
  readonly id: string;
  /** The name that users know. */
  readonly name: string;
  readonly tags: readonly string[];
  /** The kind of proxy or gateway, for example `connect-proxy`; empty for an ordinary service. */
  readonly kind: string;
  readonly meta?: Metadata | undefined;
  /** Marks a server's `consul` service, which the leader registers and the node's agent doesn't know. */
  readonly catalogOnly?: boolean;
}

/** A node in the catalog. */
export interface CatalogNode {
  readonly name: string;
  readonly address: string;
  readonly services: readonly ServiceInstance[];
  /**
   * Whether gossip reaches the node's agent (the `serfHealth` check). `absent` means that the node has
   * no such check, because it was registered by something other than an agent.
   */
  readonly gossip: 'alive' | 'failed' | 'absent';
  /** The names of its checks that don't pass, except serfHealth. */
  readonly failing: readonly string[];
  readonly isServer: boolean;
  readonly meta?: Metadata | undefined;
}

/** Each service of the node once: several instances can have the same name. */
export function serviceNames({ services }: Pick<CatalogNode, 'services'>): ReadonlySet<string> {
  return new Set(services.map(({ name }) => name));
}
