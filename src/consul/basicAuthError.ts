import { t } from '@vscode/l10n';
import { ConsulError } from './errors.ts';

/** What stands before the agent wants another user name or password. */
export class BasicAuthError extends ConsulError {
  override readonly name = 'BasicAuthError';
  readonly kind = 'basicAuth';

  /** @param given whether a user name and password were sent */
  constructor(address: string, given: boolean) {
    super(
      given
        ? t(
            '{0} refuses the user name or password of this connection (HTTP basic auth): correct them.',
            address,
          )
        : t(
            '{0} demands a user name and password (HTTP basic auth): set CONSUL_HTTP_AUTH, or “basicAuthUser” of the connection.',
            address,
          ),
    );
  }
}
