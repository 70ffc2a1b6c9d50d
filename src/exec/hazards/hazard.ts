import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import type { EventFilters } from '../../consul/event.ts';
import type { Notation } from '../targeting/names/nameNotation.ts';
import type { TargetSelection } from '../targeting/targetSelection.ts';

/** Why a selection matches no node that can respond. */
export type NoMatchReason =
  /** The catalog is empty, or our token can't see it. */
  | 'emptyCatalog'
  /** It matches nodes, but gossip reaches none of their agents. */
  | 'unreachable'
  /** No node has such a name. */
  | 'node'
  /** The expression is a list, range or wildcard that names nodes. */
  | 'nodeNotation'
  /** A node has such a name, but in other letter case. */
  | 'nodeCase'
  /** Services have such names, but agents match IDs. */
  | 'serviceNames'
  /** It names the servers' own `consul` service, which agents don't know. */
  | 'catalogOnly'
  /** No service has such an ID. */
  | 'service'
  /** A service has such an ID, but in other letter case. */
  | 'serviceCase'
  /** The tag is on another instance than the service. */
  | 'tagElsewhere'
  /** No instance of the service has such a tag. */
  | 'tag'
  /** Each part matches some node, but no node matches all of them. */
  | 'apart';

/** A property of a selection that the user may not expect. */
export type Hazard = {
  readonly nodes: readonly CatalogNode[];
  /** A selection that does what the user probably intended, if there is one. */
  readonly fix?: TargetSelection | undefined;
} & (
  | { readonly kind: 'noMatch'; readonly reason: NoMatchReason }
  /** The selection excludes no node. */
  | { readonly kind: 'everyNode' }
  /** Without anchors, or with a `.`, it matches more than it seems to: `web1` matches `web10`. */
  | {
      readonly kind: 'wider';
      readonly field: keyof EventFilters;
      readonly expression: string;
      /** Names, IDs or tags that the user probably intended. */
      readonly intended: readonly string[];
      /** The other names, IDs or tags that it matches; `nodes` are reached only through these. */
      readonly unintended: readonly string[];
    }
  /** The expression is also a list, range or wildcard, and as such names other nodes than it matches. */
  | {
      readonly kind: 'notation';
      readonly notation: Notation;
      readonly expression: string;
      /** Names of the nodes that it names. */
      readonly named: readonly string[];
    }
  /** Nodes reached through IDs of services whose names the expression does not match. */
  | { readonly kind: 'idsNotNames'; readonly services: readonly string[] }
  /** Nodes missed because the expression matches the name of a service there, but not its ID. */
  | { readonly kind: 'namesNotIds'; readonly services: readonly string[] }
  /** Nodes missed because the tag is on another instance than the service. */
  | { readonly kind: 'tagElsewhere' }
  /** The expression matches sidecar proxies. */
  | {
      readonly kind: 'sidecars';
      readonly ids: readonly string[];
      readonly onlyThroughProxies: readonly CatalogNode[];
    }
  | { readonly kind: 'servers' }
  /** Nodes with failing health checks. */
  | { readonly kind: 'failing' }
  /** Nodes that the selection matches, but that no event reaches. */
  | { readonly kind: 'unreachable'; readonly reason: 'failed' | 'noAgent' }
);
