import { t } from '@vscode/l10n';
import { someNames } from '../hazards/wording.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { subject } from './subject.ts';

type Whereabouts = 'alive' | 'failed' | 'left' | 'noAgent' | 'missing' | 'unknown';

/** Whether gossip reaches the nodes' agents: an event gets to no other. */
export function gossipFinding(
  facts: Pick<Facts, 'inventory' | 'members'>,
  silent: readonly string[],
): Finding {
  const groups = Map.groupBy(silent, whereabouts(facts));
  const troubles = (['failed', 'left', 'noAgent', 'missing'] as const).flatMap((where) => {
    const names = groups.get(where);
    return names ? [describe(where, someNames(names))] : [];
  });
  const who = subject(silent);
  if (troubles.length > 0) {
    const all = !groups.has('alive') && !groups.has('unknown');
    return {
      check: 'gossip',
      verdict: 'problem',
      what: all
        ? t('Gossip does not reach {0}, so the event did not either.', who)
        : t('Gossip does not reach some of {0}, so the event did not either.', who),
      evidence: troubles.join(' '),
      advice: t('Start the agents there, or mend their network; then run the job again on them.'),
    };
  }
  if (groups.has('unknown')) {
    return {
      check: 'gossip',
      verdict: 'unknown',
      what: t('Whether gossip reaches {0} is not known.', who),
      evidence: t('The catalog shows no node. Your token may lack node:read.'),
    };
  }
  return {
    check: 'gossip',
    verdict: 'ok',
    what: t('Gossip reaches {0} now.', who),
    evidence:
      silent.length === 1
        ? t('Its serfHealth check passes.')
        : t('All of their serfHealth checks pass.'),
  };
}

function whereabouts({
  inventory,
  members,
}: Pick<Facts, 'inventory' | 'members'>): (name: string) => Whereabouts {
  const nodes = new Map(inventory?.map((node) => [node.name, node]));
  const gossip = new Map(members?.map(({ name, status }) => [name, status]));
  return (name) => {
    const status = gossip.get(name);
    if (status === 'left' || status === 'leaving') return 'left';
    if (status === 'failed') return 'failed';
    const node = nodes.get(name);
    if (node) return node.gossip === 'absent' ? 'noAgent' : node.gossip;
    if (status === 'alive') return 'alive';
    // A catalog that shows nothing at all does not tell of this node either.
    return nodes.size === 0 ? 'unknown' : 'missing';
  };
}

function describe(where: Exclude<Whereabouts, 'alive' | 'unknown'>, names: string): string {
  switch (where) {
    case 'failed':
      return t('Failed in gossip: {0}.', names);
    case 'left':
      return t('Left the cluster: {0}.', names);
    case 'noAgent':
      return t('In the catalog, but without an agent (no serfHealth check): {0}.', names);
    case 'missing':
      return t('Not in the catalog any more: {0}.', names);
  }
}
