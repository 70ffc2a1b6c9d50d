import { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { Directive } from '../../exec/directive/directive.ts';
import { directiveTargets, type DirectiveTargets } from '../../exec/directive/directiveTargets.ts';
import { namedTargets } from '../../exec/directive/namedTargets.ts';
import { needsDecision } from '../../exec/targeting/names/nameNotation.ts';
import { UserError } from '../base/userError.ts';
import type { InitialSelection } from '../pick/chooseTargets.ts';
import { nodesWhere, whereProblemMessage } from '../pick/choice/nodesWhere.ts';
import { answerOf, knownNodes, namesMessage, nodesOfStep } from '../pick/inputs/namedNodes.ts';
import type { TargetNode } from '../pick/session/datacenterTargets.ts';
import type { ChoiceSession } from '../pick/session/pickSession.ts';
import type { ListedSet } from '../pick/sets/listedSets.ts';
import { resolveSet } from '../pick/sets/resolveSet.ts';
import { setOf, setProblem } from './directiveSet.ts';

/** What a directive selects, to begin the review with. */
export interface DirectiveChoice extends InitialSelection {
  /** About names that are not clear, one or more sentences each. */
  readonly warnings: readonly string[];
}

/**
 * Finds the nodes that a directive means in the catalog as it is now.
 * @param directive without mistakes
 * @throws UserError if there is no such saved set, or the servers can't evaluate a filter expression
 */
export async function chooseByDirective(
  session: ChoiceSession,
  directive: Directive,
): Promise<DirectiveChoice> {
  const problem = setProblem(directive);
  if (problem !== undefined) throw new UserError(problem);
  const listed = setOf(directive);
  return listed ? chooseBySet(session, listed) : chooseByKeys(session, directiveTargets(directive));
}

/** With what has changed since the set was saved. */
async function chooseBySet(session: ChoiceSession, listed: ListedSet): Promise<DirectiveChoice> {
  const { set } = listed;
  const asked = set.rule.node.kind === 'where' ? set.rule.node.filter : '';
  const { signal } = new AbortController();
  const resolved = await resolveSet(session, listed, signal).catch((error: unknown) =>
    explain(error, asked),
  );
  const { selection, selected, origin } = resolved;
  return { selection, selected: selected ?? { allBut: [] }, origin, warnings: [] };
}

async function chooseByKeys(
  session: ChoiceSession,
  targets: DirectiveTargets,
): Promise<DirectiveChoice> {
  const { datacenters } = session;
  const { selection, names, where } = targets;
  if (names === undefined && where === undefined) {
    return { selection, selected: { allBut: [] }, warnings: [] };
  }
  const all = nodesOfStep(datacenters, selection);
  const { targets: nodes, named } = namedTargets(targets, all, knownNodes);
  const isClear = !named || (!needsDecision(named) && named.doubts.length === 0);
  const found = where === undefined ? nodes : await matching(session, targets, where, nodes);
  const labels = found.map(({ label }) => label);
  const { node, selected } = answerOf(datacenters, found, labels);
  const isNone = node.kind === 'exactly' && node.names.length === 0;
  return {
    // A name that no node has lets the next step say so.
    selection: {
      ...selection,
      node: isNone ? { kind: 'exactly', names: [names ?? where ?? ''] } : node,
    },
    selected: selected ?? { allBut: [] },
    warnings: isClear ? [] : [namesMessage(named)],
  };
}

async function matching(
  session: ChoiceSession,
  { selection }: DirectiveTargets,
  where: string,
  nodes: readonly TargetNode[],
): Promise<TargetNode[]> {
  const { signal } = new AbortController();
  const labels = new Set(
    await nodesWhere(session, selection, where, signal).catch((error: unknown) =>
      explain(error, where),
    ),
  );
  return nodes.filter(({ label }) => labels.has(label));
}

function explain(error: unknown, where: string): never {
  if (!(error instanceof ConsulError)) throw error;
  throw new UserError(whereProblemMessage(error, where));
}
