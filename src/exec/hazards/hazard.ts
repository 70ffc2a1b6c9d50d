import type { EventFilters } from '../../consul/event.ts';

/** Why filters reach nobody. */
export type NobodyCause =
  /** The catalog is empty, or our token may not see it. */
  | 'emptyCatalog'
  /** They fit nodes, but gossip reaches none of their agents. */
  | 'unreachable'
  /** No node has such a name. */
  | 'node'
  /** A node has, but for upper and lower case. */
  | 'nodeCase'
  /** Services have such names, but agents match IDs. */
  | 'serviceNames'
  /** The servers' own `consul` service, which no agent knows. */
  | 'catalogOnly'
  | 'service'
  | 'serviceCase'
  /** The tag is on another instance than the service. */
  | 'tagElsewhere'
  | 'tag'
  /** Node and service expression each fit somebody, but never the same node. */
  | 'apart';

/** Something about filters that the user may not expect. `nodes` are names of nodes. */
export type Hazard = {
  readonly nodes: readonly string[];
  /** Filters for one event that do what was probably meant, if there are any. */
  readonly fix?: EventFilters | undefined;
} & (
  | { readonly kind: 'nobody'; readonly cause: NobodyCause }
  /** The filters hold no node back. */
  | { readonly kind: 'everybody' }
  /** For lack of anchors, or with a `.`, it also fits what it does not seem to: `web1` fits `web10`. */
  | {
      readonly kind: 'wider';
      readonly field: keyof EventFilters;
      readonly expression: string;
      /** Names, IDs or tags it seems to mean. */
      readonly meant: readonly string[];
      /** Names, IDs or tags it fits besides; `nodes` are reached only through these. */
      readonly beyond: readonly string[];
    }
  /** Nodes reached through IDs of services whose names the expression does not fit. */
  | { readonly kind: 'idsNotNames'; readonly services: readonly string[] }
  /** Nodes missed although a service there has a name that the expression fits: not its ID. */
  | { readonly kind: 'namesNotIds'; readonly services: readonly string[] }
  /** Nodes missed because the tag is on another instance than the service. */
  | { readonly kind: 'tagElsewhere' }
  /** Sidecar proxies fit; `only` are nodes reached through nothing else. */
  | {
      readonly kind: 'sidecars';
      readonly ids: readonly string[];
      readonly only: readonly string[];
    }
  | { readonly kind: 'servers' }
  /** Nodes with checks that do not pass. */
  | { readonly kind: 'failing' }
  /** Nodes the filters fit, but that no event gets to. */
  | { readonly kind: 'unreachable'; readonly why: 'failed' | 'noAgent' }
);
