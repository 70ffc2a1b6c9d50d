import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { displayName } from '../../../base/displayName.ts';
import { shorten } from '../../../base/shorten.ts';
import { NodeSetError, parseNodeSet } from '../names/nodeSet.ts';
import { compileRe2, FilterSyntaxError } from '../re2.ts';
import { ANY, type FieldSelection } from '../targetSelection.ts';
import type { NodeRule, SavedSet, SetPlace } from './savedSet.ts';

const Text = v.pipe(v.string(), v.nonEmpty());
const Names = v.union([Text, v.pipe(v.array(Text), v.nonEmpty())]);

const SetEntry = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty()),
  connection: v.optional(Text),
  datacenters: v.optional(v.array(Text), []),
  service: v.optional(Names),
  serviceMatches: v.optional(Text),
  tag: v.optional(Names),
  tagMatches: v.optional(Text),
  nodes: v.optional(Text),
  nodeMatches: v.optional(Text),
  where: v.optional(Text),
  was: v.optional(Text),
});

/** A set as it is in settings. */
export type SetEntry = v.InferInput<typeof SetEntry>;
type CheckedEntry = v.InferOutput<typeof SetEntry>;

export interface ParsedSets {
  readonly sets: readonly SavedSet[];
  /** One sentence for each set that can't be used. */
  readonly mistakes: readonly string[];
}

/** Reads the sets of one settings file. What is wrong with one of them doesn't affect the others. */
export function parseSets(value: unknown): ParsedSets {
  if (value === undefined) return { sets: [], mistakes: [] };
  if (!Array.isArray(value)) {
    return { sets: [], mistakes: [t('"{0}" must be a list of sets.', 'consulExec.sets')] };
  }
  const sets = new Map<string, SavedSet>();
  const mistakes: string[] = [];
  for (const [index, item] of value.entries()) {
    const parsed = parseSet(item, index);
    if ('mistake' in parsed) mistakes.push(parsed.mistake);
    else if (!sets.has(parsed.name)) sets.set(parsed.name, parsed);
    else mistakes.push(t('Two sets have the name {0}. Rename one of them.', shown(parsed.name)));
  }
  return { sets: [...sets.values()], mistakes };
}

function parseSet(item: unknown, index: number): SavedSet | { readonly mistake: string } {
  const parsed = v.safeParse(SetEntry, item);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    const label = labelOf(item, index);
    return {
      mistake:
        path === null
          ? t('Set {0} must be an object with a name and nodes.', label)
          : t('Set {0}: {1} is missing, unknown, or has a wrong value.', label, shown(path)),
    };
  }
  const entry = parsed.output;
  const mistake = mistakeIn(entry);
  if (mistake !== undefined) {
    return { mistake: t('Set {0}: {1}', labelOf(item, index), mistake) };
  }
  return {
    name: entry.name,
    rule: {
      service: fieldOf(entry.service, entry.serviceMatches),
      tag: fieldOf(entry.tag, entry.tagMatches),
      node: nodeRuleOf(entry),
    },
    place: placeOf(entry),
    was: entry.was ?? entry.nodes,
  };
}

/** Its name, or else its number in the list. */
function labelOf(item: unknown, index: number): string {
  const named = v.safeParse(v.object({ name: Text }), item);
  return named.success ? shown(named.output.name) : String(index + 1);
}

const MAX_NAME_LENGTH = 60;

function shown(name: string): string {
  return `"${displayName(shorten(name, MAX_NAME_LENGTH))}"`;
}

/** A mistake that involves several fields, or needs another parser. */
function mistakeIn(entry: CheckedEntry): string | undefined {
  const { service, serviceMatches, tag, tagMatches, nodes, nodeMatches, where } = entry;
  const count = (...fields: unknown[]) => fields.filter((field) => field !== undefined).length;
  if (count(service, serviceMatches) > 1) {
    return t('Use either "{0}" or "{1}".', 'service', 'serviceMatches');
  }
  if (count(tag, tagMatches) > 1) return t('Use either "{0}" or "{1}".', 'tag', 'tagMatches');
  if (count(nodes, nodeMatches, where) > 1) {
    return t('Use one of "{0}", "{1}", and "{2}".', 'nodes', 'nodeMatches', 'where');
  }
  if (count(tag, tagMatches) > 0 && count(service, serviceMatches) === 0) {
    return t('"{0}" needs "{1}".', 'tag', 'service');
  }
  // A set of all nodes would be an accident more often than a wish.
  if (count(service, serviceMatches, nodes, nodeMatches, where) === 0) {
    return t('It has no nodes. Add "{0}", "{1}", or "{2}".', 'service', 'nodes', 'where');
  }
  return expressionMistake(entry) ?? nodeSetMistake(entry);
}

function expressionMistake({
  serviceMatches,
  tagMatches,
  nodeMatches,
}: CheckedEntry): string | undefined {
  try {
    for (const expression of [serviceMatches, tagMatches, nodeMatches]) {
      if (expression !== undefined) compileRe2(expression);
    }
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error.message;
    throw error;
  }
  return undefined;
}

function nodeSetMistake({ nodes, was }: CheckedEntry): string | undefined {
  for (const [field, text] of Object.entries({ nodes, was })) {
    try {
      if (text !== undefined) parseNodeSet(text);
    } catch (error) {
      if (error instanceof NodeSetError) return t('"{0}": {1}', field, error.message);
      throw error;
    }
  }
  return undefined;
}

function fieldOf(
  names: string | readonly string[] | undefined,
  expression: string | undefined,
): FieldSelection {
  if (expression !== undefined) return { kind: 'matching', expression };
  if (names === undefined) return ANY;
  return { kind: 'exactly', names: typeof names === 'string' ? [names] : names };
}

function nodeRuleOf({ nodes, nodeMatches, where }: CheckedEntry): NodeRule {
  if (nodes !== undefined) return { kind: 'nodes', text: nodes };
  if (where !== undefined) return { kind: 'where', filter: where };
  return nodeMatches === undefined
    ? { kind: 'any' }
    : { kind: 'matching', expression: nodeMatches };
}

function placeOf({ connection, datacenters }: CheckedEntry): SetPlace | undefined {
  if (connection === undefined && datacenters.length === 0) return undefined;
  return { connection, datacenters };
}
