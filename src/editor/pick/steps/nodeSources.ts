import { canRespond } from '../../../exec/targeting/matchNodes.ts';
import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { type Answer, BACK, type StepFrame } from '../../base/quickInput.ts';
import { askDraw } from '../choice/drawInput.ts';
import { askNameFile } from '../choice/fileInput.ts';
import { pickOnePer } from '../choice/onePerPick.ts';
import { askWhere } from '../choice/wherePick.ts';
import { answerOf, type NodeAnswer, nodesOfStep } from '../inputs/namedNodes.ts';
import { askNodes } from '../inputs/nodeExpressionInput.ts';
import { pickNodes } from '../inputs/nodeListInput.ts';
import type { ResolvedSet } from '../sets/resolveSet.ts';
import { pickSet } from '../sets/setPick.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { PickSession } from '../session/pickSession.ts';

/** A way to say which nodes. */
export type NodeSource = 'list' | 'expression' | 'file' | 'where' | 'draw' | 'onePer' | 'set';

interface SourceStep {
  readonly session: PickSession;
  readonly frame: StepFrame;
  readonly selection: TargetSelection;
  /** Whether a node can be drawn, by its label; any can by default. */
  readonly within?: (label: string) => boolean;
}

export async function askSource(
  source: NodeSource,
  { session, frame, selection, within = () => true }: SourceStep,
): Promise<Answer<NodeAnswer>> {
  const { datacenters } = session;
  const nodes = (): TargetNode[] =>
    nodesOfStep(datacenters, selection).filter(
      ({ node, label }) => canRespond(node) && within(label),
    );
  const toAnswer = (
    labels: Answer<readonly string[]>,
    origin?: ChoiceOrigin,
  ): Answer<NodeAnswer> => {
    if (labels === undefined || labels === BACK) return labels;
    const answer = answerOf(datacenters, nodesOfStep(datacenters, selection), labels);
    return { ...answer, origin };
  };
  switch (source) {
    case 'list':
      return pickNodes(session, frame, selection);
    case 'expression':
      return askNodes(session, frame, selection);
    case 'file':
      return toAnswer(await askNameFile(session, frame, selection));
    case 'where': {
      const where = await askWhere(session, frame, selection);
      if (where === undefined || where === BACK) return where;
      return toAnswer(where.labels, { kind: 'where', filter: where.filter });
    }
    case 'set': {
      const set = await pickSet(session, frame);
      if (set === undefined || set === BACK) return set;
      return toAnswer(set.labels, withinStep(set.origin, selection));
    }
    case 'draw':
      return toAnswer(await askDraw(frame, () => nodes().map(({ label }) => label), datacenters));
    case 'onePer':
      return toAnswer(await pickOnePer(frame, nodes, datacenters));
  }
}

/** Of a set, only the nodes of the step's service remain: the others are not gone. */
function withinStep(
  origin: ResolvedSet['origin'],
  { service }: TargetSelection,
): ResolvedSet['origin'] {
  if (service.kind === 'any') return origin;
  return { kind: 'set', used: { ...origin.used, was: undefined } };
}
