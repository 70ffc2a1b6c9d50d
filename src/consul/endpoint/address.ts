import { t } from '@vscode/l10n';
import { shorten } from '../../base/shorten.ts';
import {
  hostMistake,
  ipv6Mistake,
  pathMistake,
  portMistake,
  schemeMistake,
  splitAddress,
} from './addressMistake.ts';

/** Where an agent listens. */
export interface Endpoint {
  /** Scheme, host and port: `https://10.0.0.3:8501`. For a socket, those of `localhost`. */
  readonly origin: string;
  /** Precedes every `/v1/…` path: empty, or `/consul` behind a proxy. Never ends in a slash. */
  readonly pathPrefix: string;
  /** The Unix socket to connect to, if any. */
  readonly socketPath?: string;
  /** The address as shown to the user. Never contains credentials. */
  readonly label: string;
  /** Whether nothing names the agent, so that this is the default address. */
  readonly isDefault?: boolean;
}

/** The text isn't an agent address. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

export const DEFAULT_ADDRESS = '127.0.0.1:8500';
/** A mistaken paste can be as long as a file. */
const MAX_SHOWN_LENGTH = 100;

/**
 * Parses an address in any form that the Consul API client accepts: `host:port`, `:port` of this
 * machine, `http://…`, `https://…` (both with an optional path prefix, as Consul ≥ 1.13 does) and
 * `unix:///path`. It means the same host as in Go, or is refused: the token must not go elsewhere.
 * @param secure whether to use TLS even if the address has no scheme, or `http://`
 * @throws AddressError that names the mistake and the remedy
 */
export function parseAddress(text: string, secure = false): Endpoint {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new AddressError(
      t('The Consul address is empty. Enter an address. Example: {0}.', DEFAULT_ADDRESS),
    );
  }
  if (/^unix:\/\//i.test(trimmed)) {
    return socketEndpoint(trimmed.slice('unix://'.length), trimmed, secure);
  }
  if (trimmed.includes('@')) {
    throw new AddressError(
      t("The Consul address can't contain a user name or password. Set them separately."),
    );
  }
  const shown = shorten(trimmed, MAX_SHOWN_LENGTH);
  refuse(schemeMistake(trimmed, shown));
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new AddressError(
      t(
        '"{0}" is not a valid address: {1}:// is not supported. Use http://, https:// or unix://.',
        shown,
        scheme,
      ),
    );
  }
  // Set the scheme before parsing: URL drops the default port, which depends on the scheme.
  const usedScheme = secure ? 'https' : (scheme ?? 'http');
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + '://'.length);
  // An empty host means this machine, as in Go.
  const local = rest.replace(/^:(?=\d+(?:\/|$))/, '127.0.0.1:');
  refuse(ipv6Mistake(local, shown));
  const { host, port, path } = splitAddress(local);
  if (host !== '') refuse(hostMistake(host, shown) ?? portMistake(port, shown));
  refuse(pathMistake(path, shown));
  const full = `${usedScheme}://${local}`;
  if (host === '' || !URL.canParse(full)) {
    throw new AddressError(
      t('"{0}" is not a valid address. Use host:port. Example: {1}.', shown, DEFAULT_ADDRESS),
    );
  }
  const url = new URL(full);
  const pathPrefix = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, pathPrefix, label: `${url.origin}${pathPrefix}` };
}

/** @throws AddressError if there is a mistake */
function refuse(mistake: string | undefined): void {
  if (mistake !== undefined) throw new AddressError(mistake);
}

function socketEndpoint(path: string, label: string, secure: boolean): Endpoint {
  if (!path.startsWith('/')) {
    throw new AddressError(
      t(
        '"{0}" is not a valid address: the socket path must be absolute, as in unix:///run/consul.sock.',
        label,
      ),
    );
  }
  const origin = secure ? 'https://localhost' : 'http://localhost';
  return { origin, pathPrefix: '', socketPath: path, label };
}
