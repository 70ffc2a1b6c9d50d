import { t } from '@vscode/l10n';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { joinNames } from '../../base/joinNames.ts';
import type { Notation } from '../targeting/names/nameNotation.ts';
import type { Hazard, NoMatchReason } from './hazard.ts';

/**
 * A hazard in a sentence or two, without its fix.
 * @param labelOf how to name a node; includes the datacenter where a run has several
 */
export function hazardMessage(
  hazard: Hazard,
  labelOf: (node: CatalogNode) => string = ({ name }) => name,
): string {
  const count = hazard.nodes.length;
  const nodes = joinNames(hazard.nodes.map(labelOf));
  switch (hazard.kind) {
    case 'noMatch':
      return noMatchMessage(hazard.reason, nodes);
    case 'everyNode':
      return t('This matches every node that has an agent ({0}).', count);
    case 'wider': {
      const { field, expression, unintended } = hazard;
      if (field === 'node') return t('"{0}" also matches {1}.', expression, nodes);
      return t(
        '"{0}" also matches {1}, so the job would also run on {2}.',
        expression,
        joinNames(unintended),
        nodes,
      );
    }
    case 'notation':
      return notationMessage(hazard.notation, hazard.expression, joinNames(hazard.named));
    case 'idsNotNames':
      return t(
        "Agents match service IDs, not names. On {0} the service ID matches, but the name doesn't: {1}.",
        nodes,
        joinNames(hazard.services),
      );
    case 'namesNotIds':
      return t(
        "Agents match service IDs, not names. On {0} the service name matches, but the ID doesn't: {1}.",
        nodes,
        joinNames(hazard.services),
      );
    case 'tagElsewhere':
      return t(
        'The tag and the service expression must match the same service instance. This misses {0}.',
        nodes,
      );
    case 'sidecars':
      return hazard.onlyThroughProxies.length > 0
        ? t(
            'This also matches sidecar proxies: {0}. The job would run on {1} only because of them.',
            joinNames(hazard.ids),
            joinNames(hazard.onlyThroughProxies.map(labelOf)),
          )
        : t('This also matches sidecar proxies: {0}.', joinNames(hazard.ids));
    case 'servers':
      return t('The targets include Consul servers: {0}.', nodes);
    case 'failing':
      return t('Health checks are failing on {0}. The job will run there anyway.', nodes);
    case 'unreachable':
      return hazard.reason === 'failed'
        ? t("Gossip doesn't reach {0}: no response is expected.", nodes)
        : t('The catalog lists {0}, but no agent runs there.', nodes);
  }
}

function notationMessage(notation: Notation, expression: string, named: string): string {
  switch (notation) {
    case 'list':
      return t(
        '"{0}" is used as a regular expression, not as a list. As a list, it names {1}.',
        expression,
        named,
      );
    case 'range':
      return t(
        '"{0}" is used as a regular expression, not as a range. As a range, it names {1}.',
        expression,
        named,
      );
    case 'wildcard':
      return t(
        '"{0}" is used as a regular expression, not as a wildcard. As a wildcard, it names {1}.',
        expression,
        named,
      );
  }
}

function noMatchMessage(reason: NoMatchReason, nodes: string): string {
  switch (reason) {
    case 'emptyCatalog':
      return t('The catalog shows no nodes. Your token may lack node:read.');
    case 'unreachable':
      return t("These filters match only nodes that can't respond: {0}.", nodes);
    case 'node':
      return t('No node name matches the node expression.');
    case 'nodeNotation':
      return t('No node matches this as a regular expression. Read as names, it is {0}.', nodes);
    case 'nodeCase':
      return t('No node matches this expression. Ignoring case, it would match {0}.', nodes);
    case 'serviceNames':
      return t(
        'No node matches: agents match service IDs, not names. By name, it would match {0}.',
        nodes,
      );
    case 'catalogOnly':
      return t(
        'No node matches: "consul" exists only in the catalog, so agents can\'t match it. To target the servers ({0}), select it from the list.',
        nodes,
      );
    case 'service':
      return t('No service ID matches the service expression.');
    case 'serviceCase':
      return t(
        'No service ID matches this expression. Ignoring case, it would match on {0}.',
        nodes,
      );
    case 'tagElsewhere':
      return t(
        'No node matches: the tag and the service expression must match the same service instance. On {0} the tag is on a different instance.',
        nodes,
      );
    case 'tag':
      return t('No instance of the service has a tag that matches the tag expression.');
    case 'apart':
      return t('No node matches all of the filters at once.');
  }
}
