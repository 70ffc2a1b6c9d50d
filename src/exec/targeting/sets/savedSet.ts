import type { FieldSelection } from '../targetSelection.ts';

/** Nodes that the user gave a name: a rule, or a list. */
export interface SavedSet {
  readonly name: string;
  readonly rule: SetRule;
  /** Where it was saved; undefined for one that is written for every cluster. */
  readonly place: SetPlace | undefined;
  /** A node set with its nodes when it was saved; undefined if these aren't known. */
  readonly was: string | undefined;
}

export interface SetPlace {
  readonly connection: string | undefined;
  /** Several have labels such as `web-01@dc1`. Empty if they aren't known. */
  readonly datacenters: readonly string[];
}

/** What is evaluated whenever the set is used. */
export interface SetRule {
  readonly service: FieldSelection;
  readonly tag: FieldSelection;
  readonly node: NodeRule;
}

export type NodeRule =
  | { readonly kind: 'any' }
  /** An expression (RE2) on names. */
  | { readonly kind: 'matching'; readonly expression: string }
  /** A filter expression of Consul. */
  | { readonly kind: 'where'; readonly filter: string }
  /** A node set. Without wildcards, it is a list of names. */
  | { readonly kind: 'nodes'; readonly text: string };

/** A saved set in use. */
export interface UsedSet {
  readonly set: SavedSet;
  /** Whether it comes from the settings of the workspace. */
  readonly isOfWorkspace: boolean;
  /** Labels of its nodes when it was saved, or their names if no node here has them; undefined if unknown. */
  readonly was: readonly string[] | undefined;
  /** Names of the rule that no node here has, or several. */
  readonly unknown: readonly string[];
}

/** How nodes were chosen, where their names alone don't show it. */
export type ChoiceOrigin =
  | { readonly kind: 'where'; readonly filter: string }
  | { readonly kind: 'nodes'; readonly text: string }
  | { readonly kind: 'set'; readonly used: UsedSet };
