import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import type { buildConnector as Build, Dispatcher } from 'undici';
import type { ConnectionOptions, TlsOptions } from '../endpoint/connectionOptions.ts';
import { verifyIdentity } from './serverIdentity.ts';

/**
 * Creates the socket pool for one agent, through its proxy if it has one.
 * @param connections the maximum number of sockets; further requests queue
 * @param onSocketError called with the error of a connected socket. In TLS 1.3 a server rejects the client
 * certificate only after the handshake, and then undici only reports that the other side closed the
 * connection.
 */
export async function connect(
  { endpoint, tls, proxy }: ConnectionOptions,
  connections: number,
  onSocketError: (error: Error) => void,
): Promise<Dispatcher> {
  // undici is more than half of the extension's code, so it is loaded at the first request.
  const { buildConnector, Pool, ProxyAgent } = await import('undici');
  const { origin, socketPath } = endpoint;
  // HTTP/2 has no benefit for so few requests, and reports TLS alerts differently.
  const common = { connections, allowH2: false };
  const reporting = (connector: Build.connector) => reportErrors(connector, onSocketError);
  if (proxy) {
    return new ProxyAgent({
      ...common,
      uri: proxy.url,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      requestTls: tls ? tlsSettings(tls) : {},
      proxyTls: { rejectUnauthorized: proxy.verify },
      factory: (to, options) => {
        const { connect: connector, ...rest } = options as { connect?: Build.connector };
        return new Pool(to, { ...rest, ...(connector ? { connect: reporting(connector) } : {}) });
      },
    });
  }
  const connector = buildConnector({
    allowH2: false,
    ...(tls ? tlsSettings(tls) : {}),
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  return new Pool(origin, { ...common, connect: reporting(connector) });
}

function reportErrors(
  connector: Build.connector,
  onSocketError: (error: Error) => void,
): Build.connector {
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
    // As in Go, every named authority is trusted, also one that another authority signed.
    allowPartialTrustChain: true,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...serverNameSettings(serverName),
  };
}

/** TLS can't send an IP address as the server name, but the certificate can contain one. */
function serverNameSettings(serverName: string | undefined) {
  if (serverName === undefined) return { checkServerIdentity: verifyIdentity };
  if (isIP(serverName) === 0) {
    return { servername: serverName, checkServerIdentity: verifyIdentity };
  }
  const checkServerIdentity = (_: string, certificate: PeerCertificate) =>
    verifyIdentity(serverName, certificate);
  return { checkServerIdentity };
}
