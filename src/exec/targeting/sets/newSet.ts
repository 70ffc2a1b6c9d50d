import { foldedText, listedText } from '../../../base/fold/foldNames.ts';
import type { FieldSelection, TargetSelection } from '../targetSelection.ts';
import type { SetEntry } from './parseSets.ts';
import type { ChoiceOrigin, SetPlace, SetRule } from './savedSet.ts';

/**
 * The rule that says which nodes a selection means, to be evaluated again.
 * @param origin how the nodes were chosen
 * @returns undefined for a plain list of nodes
 */
export function ruleOf(
  { service, tag, node }: TargetSelection,
  origin: ChoiceOrigin | undefined,
): SetRule | undefined {
  if (origin?.kind === 'where') {
    return { service, tag, node: { kind: 'where', filter: origin.filter } };
  }
  if (origin?.kind === 'nodes') return { service, tag, node: { kind: 'nodes', text: origin.text } };
  if (node.kind === 'exactly') return undefined;
  if (node.kind === 'any' && service.kind === 'any') return undefined;
  return { service, tag, node };
}

/** Where a set is valid, and its nodes now. */
export interface SetFacts {
  readonly name: string;
  readonly place: SetPlace;
  /** Labels of the nodes that it has now. */
  readonly labels: readonly string[];
}

/** A set of exactly these nodes, for settings. */
export function listEntry({ name, place, labels }: SetFacts): SetEntry {
  return { name, ...placeFields(place), nodes: textOf(labels) };
}

/** A set by a rule, for settings; with its nodes now, so that a later use can say what has changed. */
export function ruleEntry(rule: SetRule, { name, place, labels }: SetFacts): SetEntry {
  const { node } = rule;
  return {
    name,
    ...placeFields(place),
    ...fieldsOf(rule.service, 'service', 'serviceMatches'),
    ...fieldsOf(rule.tag, 'tag', 'tagMatches'),
    ...(node.kind === 'matching' ? { nodeMatches: node.expression } : {}),
    ...(node.kind === 'where' ? { where: node.filter } : {}),
    ...(node.kind === 'nodes' ? { nodes: node.text } : {}),
    ...(labels.length > 0 ? { was: textOf(labels) } : {}),
  };
}

/** Folding takes about a millisecond for each hundred names. */
const MAX_FOLDED = 2000;

function textOf(labels: readonly string[]): string {
  return labels.length <= MAX_FOLDED ? foldedText(labels) : listedText(labels);
}

function placeFields({ connection, datacenters }: SetPlace): Partial<SetEntry> {
  return { ...(connection === undefined ? {} : { connection }), datacenters: [...datacenters] };
}

function fieldsOf(
  field: FieldSelection,
  exactly: 'service' | 'tag',
  matching: 'serviceMatches' | 'tagMatches',
): Partial<SetEntry> {
  switch (field.kind) {
    case 'any':
      return {};
    case 'exactly': {
      const [first = ''] = field.names;
      return { [exactly]: field.names.length === 1 ? first : [...field.names] };
    }
    case 'matching':
      return { [matching]: field.expression };
  }
}
