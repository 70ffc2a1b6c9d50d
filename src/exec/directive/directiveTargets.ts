import type { KnownNodes } from '../targeting/names/knownNodes.ts';
import { type NamedNodes, readNames } from '../targeting/names/nameNotation.ts';
import { resolvingNames } from '../targeting/names/resolveNames.ts';
import { doAtOnce } from '../targeting/names/steps.ts';
import { ANY, type FieldSelection, type TargetSelection } from '../targeting/targetSelection.ts';
import type { SavedSet } from '../targeting/sets/savedSet.ts';
import { type Directive, valueOf } from './directive.ts';
import { expressionIn, fieldOf } from './directiveValues.ts';

/** Which nodes a directive means, as far as it says so. */
export interface DirectiveTargets {
  /** The service, the tag, and an expression for nodes. */
  readonly selection: TargetSelection;
  /** Node names, as a list or in the notation of node sets. */
  readonly names: string | undefined;
  /** A filter expression of Consul. */
  readonly where: string | undefined;
  /** Empty for the connection's own datacenter. */
  readonly datacenters: readonly string[];
}

/**
 * @param directive without mistakes
 * @param set the saved set that it names, if it names one
 */
export function directiveTargets(directive: Directive, set?: SavedSet): DirectiveTargets {
  const field = (key: 'service' | 'tag'): FieldSelection => {
    const value = valueOf(directive, key);
    return value === undefined ? ANY : fieldOf(value);
  };
  const nodes = valueOf(directive, 'nodes');
  const expression = nodes === undefined ? undefined : expressionIn(nodes);
  const named = valueOf(directive, 'datacenter');
  const datacenters = named === undefined ? [] : namesIn(named);
  if (set) return { ...setTargets(set), datacenters };
  return {
    selection: {
      service: field('service'),
      tag: field('tag'),
      node: expression === undefined ? ANY : { kind: 'matching', expression },
    },
    names: expression === undefined ? nodes : undefined,
    where: valueOf(directive, 'where'),
    datacenters,
  };
}

function setTargets({ rule: { service, tag, node } }: SavedSet) {
  return {
    selection: { service, tag, node: node.kind === 'matching' ? node : ANY },
    names: node.kind === 'nodes' ? node.text : undefined,
    where: node.kind === 'where' ? node.filter : undefined,
  };
}

function namesIn(value: string): string[] {
  const field = fieldOf(value);
  return field.kind === 'exactly' ? [...field.names] : [value];
}

/** The known nodes that a text names; unlike in an input, a single plain name is one too. */
export function nodesNamed(text: string, known: KnownNodes): NamedNodes {
  return (
    readNames(text, known) ?? {
      notation: 'list',
      unmatched: [],
      ...doAtOnce(resolvingNames([text.trim()], known)),
    }
  );
}
