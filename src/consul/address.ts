import { t } from '@vscode/l10n';

/** Where an agent listens. */
export interface Endpoint {
  /** Scheme, host and port, such as `https://10.0.0.3:8501`; that of `localhost` for a socket. */
  readonly origin: string;
  /** Put before every `/v1/…`: empty, or `/consul` behind a proxy. Never ends in a slash. */
  readonly pathPrefix: string;
  /** The unix socket to speak over, if any. */
  readonly socketPath?: string;
  /** What to show to the user. Never holds credentials. */
  readonly label: string;
}

/** A text that is no agent address. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

export const DEFAULT_ADDRESS = '127.0.0.1:8500';

/**
 * Reads an address in any form the Consul API client takes: `host:port`, `:port` of this machine,
 * `http://…`, `https://…` (both with an optional path prefix, as Consul ≥ 1.13 does) and
 * `unix:///path`.
 * @param secure whether TLS is spoken even where the address says nothing of it, or `http://`
 * @throws AddressError saying what is wrong and what to write instead
 */
export function parseAddress(text: string, secure = false): Endpoint {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new AddressError(
      t('The Consul address is empty. Write one such as {0}.', DEFAULT_ADDRESS),
    );
  }
  if (/^unix:\/\//i.test(trimmed)) {
    return socketEndpoint(trimmed.slice('unix://'.length), trimmed, secure);
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new AddressError(
      t(
        '“{0}” is not an address: {1}:// is unknown. Use http://, https:// or unix://.',
        withoutCredentials(trimmed),
        scheme,
      ),
    );
  }
  // Before the text is read: a port that is usual for one scheme is not for the other.
  const usedScheme = secure ? 'https' : (scheme ?? 'http');
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + '://'.length);
  // An empty host is this machine, as it is for Go.
  const url = tryUrl(`${usedScheme}://${rest.replace(/^:(?=\d)/, '127.0.0.1:')}`);
  if (!url?.hostname) {
    throw new AddressError(
      t(
        '“{0}” is not an address. Write host:port, such as {1}.',
        withoutCredentials(trimmed),
        DEFAULT_ADDRESS,
      ),
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new AddressError(
      t(
        'The Consul address must not hold a user name or password. Set them apart from the address.',
      ),
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new AddressError(
      t('The Consul address must end after its path: remove everything from ? or # on.'),
    );
  }
  const pathPrefix = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, pathPrefix, label: `${url.origin}${pathPrefix}` };
}

function socketEndpoint(path: string, label: string, secure: boolean): Endpoint {
  if (!path.startsWith('/')) {
    throw new AddressError(
      t(
        '“{0}” is not an address: the socket path must be absolute, as in unix:///run/consul.sock.',
        label,
      ),
    );
  }
  const origin = secure ? 'https://localhost' : 'http://localhost';
  return { origin, pathPrefix: '', socketPath: path, label };
}

/** Unlike a browser, `///host` and `http:/host` are slips here, not ways to write a host. */
function tryUrl(text: string): URL | undefined {
  const plain = /^https?:\/\/[^/\\]/i.test(text) && !/^https?:\/\/https?:\//i.test(text);
  return plain && URL.canParse(text) ? new URL(text) : undefined;
}

/** All before the last @, but for the scheme: a password may hold slashes, and even an @. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
