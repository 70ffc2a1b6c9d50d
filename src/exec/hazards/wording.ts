import { t } from '@vscode/l10n';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { displayName } from '../displayName.ts';
import type { Hazard, NobodyCause } from './hazard.ts';

/**
 * A hazard in a sentence or two, without its fix.
 * @param labelOf what a node is called where several datacenters take part
 */
export function describeHazard(
  hazard: Hazard,
  labelOf: (node: CatalogNode) => string = ({ name }) => name,
): string {
  const count = hazard.nodes.length;
  const nodes = someNames(hazard.nodes.map(labelOf));
  switch (hazard.kind) {
    case 'nobody':
      return describeNobody(hazard.cause, nodes);
    case 'everybody':
      return t('This reaches every node that has an agent ({0}).', count);
    case 'wider': {
      const { expression, beyond } = hazard;
      return t('“{0}” also fits {1}, so {2} would run too.', expression, someNames(beyond), nodes);
    }
    case 'idsNotNames':
      return t(
        'Agents match service IDs: this reaches {0} by IDs of the service {1}.',
        nodes,
        someNames(hazard.services),
      );
    case 'namesNotIds':
      return t(
        'Agents match service IDs, not names: this misses {0}, where the service {1} has other IDs.',
        nodes,
        someNames(hazard.services),
      );
    case 'tagElsewhere':
      return t(
        'The tag must be on the very instance that the service expression fits: this misses {0}.',
        nodes,
      );
    case 'sidecars':
      return hazard.only.length > 0
        ? t(
            'The sidecar proxy {0} fits; {1} would run only because of it.',
            someNames(hazard.ids),
            someNames(hazard.only.map(labelOf)),
          )
        : t('The sidecar proxy {0} fits as well.', someNames(hazard.ids));
    case 'servers':
      return t('Consul servers are among the targets: {0}.', nodes);
    case 'failing':
      return t('Checks fail on {0}; the job runs there all the same.', nodes);
    case 'unreachable':
      return hazard.why === 'failed'
        ? t('Gossip does not reach {0}: no answer will come from there.', nodes)
        : t('The catalog knows {0}, but no agent runs there to answer.', nodes);
  }
}

function describeNobody(cause: NobodyCause, nodes: string): string {
  switch (cause) {
    case 'emptyCatalog':
      return t('The catalog shows no node. Your token may lack node:read.');
    case 'unreachable':
      return t('These filters fit only nodes that cannot answer: {0}.', nodes);
    case 'node':
      return t('No node has a name that the node expression fits.');
    case 'nodeCase':
      return t(
        'The node expression fits nobody; but for upper and lower case it would fit {0}.',
        nodes,
      );
    case 'serviceNames':
      return t(
        'This reaches nobody because agents match service IDs, not names. By name it would be {0}.',
        nodes,
      );
    case 'catalogOnly':
      return t(
        'This reaches nobody: the service consul is in the catalog only, agents do not know it. From the list it means the servers: {0}.',
        nodes,
      );
    case 'service':
      return t('No node has a service whose ID the service expression fits.');
    case 'serviceCase':
      return t(
        'The service expression fits nobody; but for upper and lower case it would fit {0}.',
        nodes,
      );
    case 'tagElsewhere':
      return t(
        'This reaches nobody: the tag must be on the very instance that the service expression fits, and on {0} it is on another.',
        nodes,
      );
    case 'tag':
      return t('No instance of the service has a tag that the tag expression fits.');
    case 'apart':
      return t('This reaches nobody: no node fits all of the filters at once.');
  }
}

const NAMES_SHOWN = 5;

/** `web-01, web-02 and 3 more`, each name shown safely. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map(displayName).join(', ');
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? t('{0} and {1} more', shown, more) : shown;
}
