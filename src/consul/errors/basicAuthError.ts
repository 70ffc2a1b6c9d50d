import { t } from '@vscode/l10n';
import { ConsulError } from './consulErrors.ts';

/** A reverse proxy before the agent requires another user name or password. */
export class BasicAuthError extends ConsulError {
  override readonly name = 'BasicAuthError';
  readonly kind = 'basicAuth';

  /** @param given whether a user name and password were sent */
  constructor(address: string, given: boolean) {
    super(
      given
        ? t(
            '{0} rejected the user name or password of this connection (HTTP basic auth). Correct them.',
            address,
          )
        : t(
            '{0} requires a user name and password (HTTP basic auth). Set CONSUL_HTTP_AUTH, or "basicAuthUser" on the connection.',
            address,
          ),
    );
  }
}
