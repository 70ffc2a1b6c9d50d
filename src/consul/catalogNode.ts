export interface ServiceInstance {
  /** What agents match the service filter against (PROTOCOL.md §2.1). */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly tags: readonly string[];
  /** `connect-proxy` and the like; empty for an ordinary service. */
  readonly kind: string;
  /** The `consul` service of a server: the leader enters it, the node's agent does not know it. */
  readonly catalogOnly?: boolean;
}

/** A node as the catalog knows it. */
export interface CatalogNode {
  readonly name: string;
  readonly address: string;
  readonly services: readonly ServiceInstance[];
  /**
   * Whether gossip reaches its agent (the `serfHealth` check): `absent` means it has no such check,
   * so it was put into the catalog by something other than an agent.
   */
  readonly gossip: 'alive' | 'failed' | 'absent';
  /** Its checks other than serfHealth that do not pass, by name. */
  readonly failing: readonly string[];
  readonly isServer: boolean;
}
