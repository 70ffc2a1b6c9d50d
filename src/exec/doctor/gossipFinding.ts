import { t } from '@vscode/l10n';
import { joinNames } from '../../base/joinNames.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { nodesLabel } from './nodesLabel.ts';

type Whereabouts = 'alive' | 'failed' | 'left' | 'noAgent' | 'missing' | 'unknown';

/**
 * Whether gossip reaches the nodes' agents. An event reaches no others, and where it doesn't reach an
 * agent that began a job, its output is most likely stuck as well.
 * @param missed what is missing from the nodes
 */
export function gossipFinding(
  facts: Pick<Facts, 'inventory' | 'members'>,
  unresponsive: readonly string[],
  missed: 'event' | 'output' = 'event',
): Finding {
  const groups = Map.groupBy(unresponsive, locator(facts));
  const problems = (['failed', 'left', 'noAgent', 'missing'] as const).flatMap((whereabouts) => {
    const names = groups.get(whereabouts);
    return names ? [whereaboutsMessage(whereabouts, joinNames(names))] : [];
  });
  if (problems.length > 0) {
    const reachesNone = !groups.has('alive') && !groups.has('unknown');
    return {
      check: 'gossip',
      verdict: 'problem',
      summary: unreachedMessage(missed, reachesNone, unresponsive),
      evidence: problems.join(' '),
      advice:
        missed === 'event'
          ? t('Start the agents there, or repair their network. Then run the job on them again.')
          : t('Start the agents there, or repair their network. The job can still be running.'),
    };
  }
  if (groups.has('unknown')) {
    return {
      check: 'gossip',
      verdict: 'unknown',
      summary: t("Can't check whether gossip reaches {0}.", nodesLabel(unresponsive)),
      evidence: t('The catalog shows no nodes. Your token may lack node:read.'),
    };
  }
  return {
    check: 'gossip',
    verdict: 'ok',
    summary: t('Gossip reaches {0} now.', nodesLabel(unresponsive)),
    evidence:
      unresponsive.length === 1
        ? t('Its serfHealth check passes.')
        : t('All of their serfHealth checks pass.'),
  };
}

function unreachedMessage(
  missed: 'event' | 'output',
  reachesNone: boolean,
  names: readonly string[],
): string {
  if (missed === 'output') {
    return reachesNone
      ? t("Gossip doesn't reach {0} now.", nodesLabel(names))
      : t("Gossip doesn't reach some of these {0} nodes now.", names.length);
  }
  return reachesNone
    ? t("Gossip doesn't reach {0}, so the event didn't either.", nodesLabel(names))
    : t("Gossip doesn't reach some of these {0} nodes, so the event didn't either.", names.length);
}

function locator({
  inventory,
  members,
}: Pick<Facts, 'inventory' | 'members'>): (name: string) => Whereabouts {
  const nodes = new Map(inventory?.map((node) => [node.name, node]));
  const statuses = new Map(members?.map(({ name, status }) => [name, status]));
  return (name) => {
    const status = statuses.get(name);
    if (status === 'left' || status === 'leaving') return 'left';
    if (status === 'failed') return 'failed';
    const node = nodes.get(name);
    if (node) return node.gossip === 'absent' ? 'noAgent' : node.gossip;
    if (status === 'alive') return 'alive';
    // A catalog that shows no nodes at all says nothing about this one either.
    return nodes.size === 0 ? 'unknown' : 'missing';
  };
}

function whereaboutsMessage(
  whereabouts: Exclude<Whereabouts, 'alive' | 'unknown'>,
  names: string,
): string {
  switch (whereabouts) {
    case 'failed':
      return t('Failed in gossip: {0}.', names);
    case 'left':
      return t('Left the cluster: {0}.', names);
    case 'noAgent':
      return t('In the catalog, but without an agent (no serfHealth check): {0}.', names);
    case 'missing':
      return t('No longer in the catalog: {0}.', names);
  }
}
