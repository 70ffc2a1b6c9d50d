import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A typical company proxy: it forwards plain HTTP and tunnels everything else. */
export interface ForwardProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** The requests so far: `GET http://…` or `CONNECT host:port`. */
  readonly requests: readonly string[];
  /** Requires this password from now on. */
  requirePassword(password: string): void;
  stop(): void;
}

/**
 * @param password the password of user `me`; if undefined, the proxy requires none
 * @param hosts addresses by host names that only the proxy can resolve
 */
export async function startForwardProxy(
  password?: string,
  hosts: Readonly<Record<string, string>> = {},
): Promise<ForwardProxy> {
  const requests: string[] = [];
  const headerOf = (secret: string) => `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
  let required = password === undefined ? undefined : headerOf(password);
  const isAllowed = ({ headers }: IncomingMessage) =>
    required === undefined || headers['proxy-authorization'] === required;
  const open = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    if (!isAllowed(incoming)) {
      outgoing.writeHead(407).end();
      return;
    }
    const { method, headers } = incoming;
    const url = new URL(incoming.url ?? '');
    url.hostname = hosts[url.hostname] ?? url.hostname;
    const onward = request(url, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (incoming, socket: Duplex, head) => {
    requests.push(`CONNECT ${incoming.url ?? ''}`);
    socket.on('error', () => undefined);
    if (!isAllowed(incoming)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    requirePassword(secret) {
      required = headerOf(secret);
    },
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
