import { t } from '@vscode/l10n';
import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { joinNames } from '../../base/joinNames.ts';
import { findTargets, serviceMatch } from '../targeting/matchNodes.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { nodesLabel } from './nodesLabel.ts';

/** Whether the run's filters match the nodes as the catalog lists them now, and by what. */
export function filtersFinding(
  { inventory = [] }: Pick<Facts, 'inventory'>,
  unresponsive: readonly string[],
  announcements: readonly EventFilters[] | undefined,
): Finding {
  if (!announcements) {
    return unknownFinding(
      unresponsive,
      t("This run's record doesn't say which filters were used in each datacenter."),
    );
  }
  const listed = inventory.filter(({ name }) => unresponsive.includes(name));
  const unmatched = listed.filter(
    (node) => !announcements.some((filters) => isMatch(node, filters)),
  );
  if (unmatched.length > 0) {
    return {
      check: 'filters',
      verdict: 'problem',
      summary:
        unmatched.length === unresponsive.length
          ? t('The filters no longer match {0}.', nodesLabel(unresponsive))
          : t('The filters no longer match some of these {0} nodes.', unresponsive.length),
      evidence: t(
        'Not matched, by the current services and tags in the catalog: {0}.',
        joinNames(unmatched.map(({ name }) => name)),
      ),
      advice: t('Select the targets again.'),
    };
  }
  const names = listed.map(({ name }) => name);
  const unlisted = unresponsive.filter((name) => !names.includes(name));
  const unlistedMessage = t('Not listed in the catalog: {0}.', joinNames(unlisted));
  if (listed.length === 0) return unknownFinding(unresponsive, unlistedMessage);
  const reason = matchReasonMessage(listed, announcements);
  return {
    check: 'filters',
    verdict: 'ok',
    summary: t('The filters match {0}.', nodesLabel(names)),
    evidence: unlisted.length > 0 ? `${reason} ${unlistedMessage}` : reason,
  };
}

function unknownFinding(unresponsive: readonly string[], evidence: string): Finding {
  const summary = t("Can't check whether the filters match {0}.", nodesLabel(unresponsive));
  return { check: 'filters', verdict: 'unknown', summary, evidence };
}

function isMatch(node: CatalogNode, filters: EventFilters): boolean {
  const { reached, unreachable } = findTargets([node], filters);
  return reached.length + unreachable.length > 0;
}

/** What the filters match the nodes by: their names, or the IDs of their services. */
function matchReasonMessage(
  nodes: readonly CatalogNode[],
  announcements: readonly EventFilters[],
): string {
  const matching = nodes.flatMap((node) =>
    announcements.filter((filters) => isMatch(node, filters)),
  );
  const ids = nodes.flatMap((node) =>
    matching.flatMap((filters) => {
      const matches = serviceMatch(filters);
      return matches ? node.services.filter(matches).map(({ id }) => id) : [];
    }),
  );
  const byName = matching.some(({ node }) => node);
  const services = joinNames([...new Set(ids)]);
  if (byName && services) return t('By node name and service ID: {0}.', services);
  if (services) return t('By service ID: {0}.', services);
  return byName ? t('By node name.') : t('Without filters, every node matches.');
}
