import { t } from '@vscode/l10n';
import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { displayName } from '../displayName.ts';
import { someNames } from '../hazards/wording.ts';
import { findTargets, serviceMatch } from '../targets.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { subject } from './subject.ts';

/** Whether the run's filters fit the nodes as the catalog knows them now, and by what. */
export function filtersFinding(
  { inventory = [] }: Pick<Facts, 'inventory'>,
  silent: readonly string[],
  announcements: readonly EventFilters[] | undefined,
): Finding {
  const who = subject(silent);
  if (!announcements)
    return unknown(who, t('It is not kept which filters went to which datacenter.'));
  const known = inventory.filter(({ name }) => silent.includes(name));
  const unfit = known.filter((node) => !announcements.some((filters) => fits(node, filters)));
  if (unfit.length > 0) {
    return {
      check: 'filters',
      verdict: 'problem',
      what:
        unfit.length === silent.length
          ? t('The filters do not fit {0} any more.', who)
          : t('The filters do not fit some of {0} any more.', who),
      evidence: t(
        'By its services and tags in the catalog now, none of the filters fits: {0}.',
        someNames(unfit.map(({ name }) => name)),
      ),
      advice: t('Choose the targets anew.'),
    };
  }
  if (known.length === 0) return unknown(who, t('The catalog does not show it.'));
  const names = known.map(({ name }) => name);
  const hidden = silent.filter((name) => !names.includes(name));
  const why = reasons(known, announcements);
  return {
    check: 'filters',
    verdict: 'ok',
    what: t('The filters fit {0}.', subject(names)),
    evidence:
      hidden.length > 0 ? t('{0} The catalog does not show {1}.', why, someNames(hidden)) : why,
  };
}

function unknown(who: string, evidence: string): Finding {
  const what = t('Whether the filters fit {0} is not known.', who);
  return { check: 'filters', verdict: 'unknown', what, evidence };
}

function fits(node: CatalogNode, filters: EventFilters): boolean {
  const { reached, unreachable } = findTargets([node], filters);
  return reached.length + unreachable.length > 0;
}

/** By what the filters fit: the node's name, the IDs of its services. */
function reasons(known: readonly CatalogNode[], announcements: readonly EventFilters[]): string {
  const used = known.flatMap((node) => announcements.filter((filters) => fits(node, filters)));
  const ids = known.flatMap((node) =>
    used.flatMap((filters) => {
      const matches = serviceMatch(filters);
      return matches ? node.services.filter(matches).map(({ id }) => displayName(id)) : [];
    }),
  );
  const byName = used.some(({ node }) => node);
  const services = someNames([...new Set(ids)]);
  if (byName && services) return t('By node name and the service ID {0}.', services);
  if (services) return t('By the service ID {0}.', services);
  return byName ? t('By node name.') : t('There are no filters: they fit every node.');
}
