import { t } from '@vscode/l10n';
import { ConsulError } from './consulErrors.ts';

/** No server of the agent's datacenter can reach this datacenter. */
export class NoPathError extends ConsulError {
  override readonly name = 'NoPathError';
  readonly kind = 'noPath';
  /** WAN gossip may find it again. */
  override readonly transient = true;

  constructor(datacenter: string) {
    super(
      t(
        'Can\'t reach datacenter "{0}". Check its name, and that the servers are federated with it.',
        datacenter,
      ),
    );
  }
}

/** Since 1.12.7, 1.13.4, 1.14.1 and 1.15.0, client agents can't create sessions in another datacenter. */
export class ForeignSessionError extends ConsulError {
  override readonly name = 'ForeignSessionError';
  readonly kind = 'foreignSession';

  constructor(address: string, datacenter: string) {
    super(
      t(
        'The agent at {0} is a client. Since Consul 1.12.7 only servers can create sessions in another datacenter. Connect to the HTTP API of a server, or to an agent in "{1}".',
        address,
        datacenter,
      ),
    );
  }
}

/** A session in another datacenter must belong to one of its nodes, but none of its servers is visible. */
export class NoServerFoundError extends ConsulError {
  override readonly name = 'NoServerFoundError';
  readonly kind = 'noServerFound';

  constructor(datacenter: string) {
    super(
      t(
        'No healthy server is visible in datacenter "{0}". Your token needs service:read on "consul" and node:read there.',
        datacenter,
      ),
    );
  }
}

/** Consul has no separate status for these errors, so the text decides (PROTOCOL.md §1.3). */
export function datacenterRefusal(
  text: string,
  address: string,
  datacenter = '',
): ConsulError | undefined {
  if (text.includes('No path to datacenter')) return new NoPathError(datacenter);
  if (text.includes('cross datacenter lock must be created at server agent')) {
    return new ForeignSessionError(address, datacenter);
  }
  return undefined;
}
