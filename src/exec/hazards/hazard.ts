import type { CatalogNode } from '../../consul/catalogNode.ts';
import type { EventFilters } from '../../consul/event.ts';
import type { Choice } from '../choice.ts';

/** Why a choice reaches nobody. */
export type NobodyCause =
  /** The catalog is empty, or our token may not see it. */
  | 'emptyCatalog'
  /** It fits nodes, but gossip reaches none of their agents. */
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
  /** Each part fits somebody, but never all of them the same node. */
  | 'apart';

/** Something about a choice that the user may not expect. */
export type Hazard = {
  readonly nodes: readonly CatalogNode[];
  /** A choice that does what was probably meant, if there is one. */
  readonly fix?: Choice | undefined;
} & (
  | { readonly kind: 'nobody'; readonly cause: NobodyCause }
  /** The choice holds no node back. */
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
      readonly only: readonly CatalogNode[];
    }
  | { readonly kind: 'servers' }
  /** Nodes with checks that do not pass. */
  | { readonly kind: 'failing' }
  /** Nodes the choice fits, but that no event gets to. */
  | { readonly kind: 'unreachable'; readonly why: 'failed' | 'noAgent' }
);
