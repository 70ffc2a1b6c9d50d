import { isIP } from 'node:net';
import { checkServerIdentity as identify } from 'node:tls';
import type { buildConnector as Build, Dispatcher } from 'undici';
import type { ConnectionOptions, TlsOptions } from './connectionOptions.ts';

/**
 * Few sockets: they are shared with every other tool on this host, and an agent resets the 201st
 * from one address (`limits.http_max_conns_per_client`).
 */
export const SOCKETS = {
  /** For requests that are answered at once. */
  prompt: 6,
  /**
   * For reads that wait for a change, of which each datacenter has one or two: with sockets of their
   * own none of them holds up a renewal or an announcement.
   */
  waiting: 48,
} as const;

/**
 * Sockets to one agent, through its proxy if it has one.
 * @param connections how many at most; more requests queue
 * @param onSocketError told what a connected socket ended in. In TLS 1.3 a server refuses the
 * client's certificate only after the handshake, and undici then reports no more than that the other
 * side closed.
 */
export async function connect(
  { endpoint, tls, proxy }: ConnectionOptions,
  connections: number,
  onSocketError: (error: Error) => void,
): Promise<Dispatcher> {
  // undici is a third of this product's code: it is read when the first request goes out.
  const { buildConnector, Pool, ProxyAgent } = await import('undici');
  const { origin, socketPath } = endpoint;
  // HTTP/2 would gain nothing on so few requests, and reports TLS alerts in other ways.
  const common = { connections, allowH2: false };
  const watched = (connector: Build.connector) => watch(connector, onSocketError);
  if (proxy) {
    return new ProxyAgent({
      ...common,
      uri: proxy.url,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      requestTls: tls ? tlsSettings(tls) : {},
      proxyTls: { rejectUnauthorized: proxy.verify },
      factory: (to, options) => {
        const { connect: connector, ...rest } = options as { connect?: Build.connector };
        return new Pool(to, { ...rest, ...(connector ? { connect: watched(connector) } : {}) });
      },
    });
  }
  const connector = buildConnector({
    allowH2: false,
    ...(tls ? tlsSettings(tls) : {}),
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  return new Pool(origin, { ...common, connect: watched(connector) });
}

function watch(connector: Build.connector, onSocketError: (error: Error) => void): Build.connector {
  return (options, callback) => {
    connector(options, (...outcome) => {
      outcome[1]?.once('error', onSocketError);
      callback(...outcome);
    });
  };
}

function tlsSettings({ ca, cert, key, serverName, verify }: TlsOptions) {
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...named(serverName),
  };
}

/** An IP address cannot be asked for in TLS, but found in the certificate all the same. */
function named(serverName: string | undefined) {
  if (serverName === undefined) return {};
  if (isIP(serverName) === 0) return { servername: serverName };
  const checkServerIdentity: typeof identify = (_, certificate) =>
    identify(serverName, certificate);
  return { checkServerIdentity };
}
