import type { Dispatcher } from 'undici';
import type { ConnectionOptions, TlsOptions } from './transport.ts';

/**
 * Few sockets: they are shared with every other tool on this host, and an agent resets the 201st
 * from one address (`limits.http_max_conns_per_client`).
 */
const MAX_SOCKETS = 6;

/** The sockets to one agent, through its proxy if it has one. */
export async function connect({ endpoint, tls, proxy }: ConnectionOptions): Promise<Dispatcher> {
  // undici is a third of this product's code: it is read when the first request goes out.
  const { Pool, ProxyAgent } = await import('undici');
  const { origin, socketPath } = endpoint;
  // HTTP/2 would gain nothing on so few requests, and reports TLS alerts in other ways.
  const common = { connections: MAX_SOCKETS, allowH2: false };
  if (proxy) {
    return new ProxyAgent({
      ...common,
      uri: proxy.url,
      requestTls: tls ? tlsSettings(tls) : {},
      proxyTls: { rejectUnauthorized: proxy.verify },
    });
  }
  return new Pool(origin, {
    ...common,
    ...(tls ? { connect: tlsSettings(tls) } : {}),
    ...(socketPath === undefined ? {} : { socketPath }),
  });
}

function tlsSettings({ ca, cert, key, serverName, verify }: TlsOptions) {
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
