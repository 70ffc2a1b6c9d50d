import type { CatalogNode, ServiceInstance } from '../../consul/catalogNode.ts';
import type { EventFilters } from '../../consul/event.ts';
import { ANY, type Choice, chosenTargets, instanceMatch, textMatch } from '../choice.ts';
import { localServices } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { choiceOfNodes, choiceOfServices, exactChoice, matching } from './proposal.ts';
import { type Reading, readAsWhole } from './reading.ts';

/**
 * Expressions that reach nodes through more than they seem to say. What they seem to say may well be
 * on a node that is away just now: all the more is to be said of the others, which would run alone.
 */
export function widerHazards(
  nodes: readonly CatalogNode[],
  choice: Choice,
  room: number,
): Hazard[] {
  return FIELDS.flatMap((field): Hazard[] => {
    const pick = choice[field];
    if (pick.kind !== 'matching') return [];
    const { expression } = pick;
    const alias = field === 'service' ? (name: string) => idsOf(name, nodes) : undefined;
    const reading = readAsWhole(expression, textsOf(field, choice, nodes), alias);
    if (!reading) return [];
    const { reached } = chosenTargets(choice, nodes);
    const isKept = keeper(field, choice, reading);
    const kept = reached.filter(isKept);
    const through = reached.filter((node) => !isKept(node));
    if (through.length === 0) return [];
    const { meant, beyond, exactly } = reading;
    const fix =
      exactly === undefined
        ? choiceOfServices(choice, meantInstances(choice, reading, nodes), kept, nodes, room)
        : exactChoice(
            [{ ...choice, [field]: matching(exactly) }, choiceOfNodes(kept)],
            kept,
            nodes,
            room,
          );
    return [{ kind: 'wider', field, expression, meant, beyond, nodes: through, fix }];
  });
}

const FIELDS = ['node', 'service', 'tag'] as const;

/** What the expression is held against. */
function textsOf(
  field: keyof EventFilters,
  choice: Choice,
  nodes: readonly CatalogNode[],
): ReadonlySet<string> {
  if (field === 'node') return new Set(nodes.map(({ name }) => name));
  if (field === 'service') {
    return new Set(nodes.flatMap((node) => localServices(node).map(({ id }) => id)));
  }
  const matches = instanceMatch({ ...choice, tag: ANY });
  return new Set(
    nodes.flatMap(({ services }) =>
      services.flatMap((service) => (matches?.(service) ? service.tags : [])),
    ),
  );
}

/** Whether a node that is reached would be by what the expression seems to mean alone. */
function keeper(
  field: keyof EventFilters,
  choice: Choice,
  { isMeant }: Reading,
): (node: CatalogNode) => boolean {
  if (field === 'node') return ({ name }) => isMeant(name);
  const matches = instanceMatch(choice);
  const matchesTag = textMatch(choice.tag);
  const isKept = ({ id, tags }: ServiceInstance) =>
    field === 'service' ? isMeant(id) : tags.some((tag) => matchesTag(tag) && isMeant(tag));
  return ({ services }) => services.some((service) => matches?.(service) && isKept(service));
}

function meantInstances(
  choice: Choice,
  { isMeant }: Reading,
  nodes: readonly CatalogNode[],
): readonly ServiceInstance[] {
  const matches = instanceMatch(choice);
  return nodes.flatMap(({ services }) =>
    services.filter((service) => matches?.(service) && isMeant(service.id)),
  );
}

function idsOf(name: string, nodes: readonly CatalogNode[]): string[] {
  return nodes.flatMap((node) =>
    localServices(node).flatMap((service) => (service.name === name ? [service.id] : [])),
  );
}
