import { t } from '@vscode/l10n';
import { RATE_LIMITED, ServerError } from './consulErrors.ts';

/** The agent or its servers limit requests. They did not execute this one. */
export class LimitError extends ServerError {
  override readonly name = 'LimitError';
  override readonly kind = 'limit';

  /** @param which the setting of the agent's configuration that limits it */
  constructor(status: number, text: string, which: 'connections' | 'requests', address: string) {
    super(
      status,
      text,
      which === 'connections'
        ? t(
            'The agent at {0} allows no more connections from this machine. Close other programs that use it, or raise {1} there.',
            address,
            'limits.http_max_conns_per_client',
          )
        : t(
            'Consul limits the rate of requests ({1}), and the agent at {0} is over it. Try again later.',
            address,
            'limits.request_limits',
          ),
    );
  }
}

/** Agents since 1.9 refuse a connection beyond their limit with this text (PROTOCOL.md §3.8). */
const TOO_MANY_CONNECTIONS = /too many concurrent connections/i;

/** Which limit a response names; undefined for other responses. */
export function limitOf(status: number, text: string): 'connections' | 'requests' | undefined {
  if (status === 429 && TOO_MANY_CONNECTIONS.test(text)) return 'connections';
  if ((status === 429 || status === 503) && RATE_LIMITED.test(text)) return 'requests';
  return undefined;
}
