import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy as companies have it: forwards plain HTTP and tunnels the rest. */
export interface ForwardProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What was asked of it: `GET http://…` or `CONNECT host:port`. */
  readonly asked: readonly string[];
  /** Another password than before is wanted from now on. */
  demand(password: string): void;
  stop(): void;
}

/**
 * @param password the one for user `me`; undefined lets everybody through
 * @param hosts addresses by the names that only the proxy knows
 */
export async function startForwardProxy(
  password?: string,
  hosts: Readonly<Record<string, string>> = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  const headerOf = (own: string) => `Basic ${Buffer.from(`me:${own}`).toString('base64')}`;
  let wanted = password === undefined ? undefined : headerOf(password);
  const mayPass = ({ headers }: IncomingMessage) =>
    wanted === undefined || headers['proxy-authorization'] === wanted;
  const open = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    if (!mayPass(incoming)) {
      outgoing.writeHead(407).end();
      return;
    }
    const { method, headers } = incoming;
    const url = new URL(incoming.url ?? '');
    url.hostname = hosts[url.hostname] ?? url.hostname;
    const onward = request(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
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
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    socket.on('error', () => undefined);
    if (!mayPass(incoming)) {
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
    asked,
    demand(another) {
      wanted = headerOf(another);
    },
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
