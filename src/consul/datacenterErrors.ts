import { t } from '@vscode/l10n';
import { ConsulError } from './errors.ts';

/** No server of our datacenter knows a way to this one. */
export class NoPathError extends ConsulError {
  override readonly name = 'NoPathError';
  readonly kind = 'noPath';
  /** The wide-area gossip may find it again. */
  override readonly transient = true;

  constructor(datacenter: string) {
    super(
      t(
        'There is no way to the datacenter “{0}”: its name is mistyped, or the servers are not federated with it or have lost it.',
        datacenter,
      ),
    );
  }
}

/** From 1.12.7, 1.13.4, 1.14.1 and 1.15.0 on, client agents make no session in another datacenter. */
export class ForeignSessionError extends ConsulError {
  override readonly name = 'ForeignSessionError';
  readonly kind = 'foreignSession';

  constructor(address: string, datacenter: string) {
    super(
      t(
        'The agent at {0} is a client, and since Consul 1.12.7 only servers make sessions in another datacenter: connect to a server’s HTTP API, or to an agent of “{1}” itself.',
        address,
        datacenter,
      ),
    );
  }
}

/** A session in a foreign datacenter must belong to one of its nodes, and no server of it is seen. */
export class NoServerFoundError extends ConsulError {
  override readonly name = 'NoServerFoundError';
  readonly kind = 'noServerFound';

  constructor(datacenter: string) {
    super(
      t(
        'No healthy server of the datacenter “{0}” can be seen: your token needs service:read on "consul" and node:read there.',
        datacenter,
      ),
    );
  }
}

/** Consul has no status of its own for these: only the text tells (PROTOCOL.md §1.3). */
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
