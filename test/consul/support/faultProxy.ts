import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way. */
export type Fault =
  /** The connection is cut before the request gets to the agent. */
  | { readonly kind: 'cutBefore' }
  /** The agent carries it out, and the connection is cut instead of the answer. */
  | { readonly kind: 'cutAfter' }
  /** The connection is cut in the middle of the answer's body. */
  | { readonly kind: 'cutWithin' }
  /** The agent never hears of it; this is the answer. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** The agent carries it out; this is the answer. */
  | { readonly kind: 'replace'; readonly status: number; readonly body: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is cut after a time, unless the answer has come by then. */
  | { readonly kind: 'cutAt'; readonly ms: number }
  /** The agent never hears of it, and no answer comes. */
  | { readonly kind: 'hang' };

interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly fault: Fault | undefined;
}

/** Decides what happens to a request. */
type Faults = (seen: { readonly method: string; readonly url: string }) => Fault | undefined;

/** A reverse proxy that does to requests what real networks and busy servers do. */
export interface FaultProxy {
  readonly address: string;
  /** Every request that came, in order. */
  readonly seen: readonly SeenRequest[];
  faults: Faults;
  close(): Promise<void>;
}

/** @param target such as `http://127.0.7.1:8500` */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? '';
    const url = incoming.url ?? '';
    const fault = proxy.faults({ method, url });
    seen.push({ method, url, fault });
    if (fault?.kind === 'cutBefore') {
      incoming.socket.destroy();
    } else if (fault?.kind === 'answer') {
      incoming.resume();
      outgoing.writeHead(fault.status).end(fault.body);
    } else if (fault?.kind === 'hang') {
      incoming.resume();
    } else {
      if (fault?.kind === 'cutAt') {
        const timer = setTimeout(() => incoming.socket.destroy(), fault.ms);
        outgoing.on('close', () => clearTimeout(timer));
      }
      const ms = fault?.kind === 'delay' ? fault.ms : 0;
      setTimeout(() => forward(target, incoming, outgoing, fault), ms);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    faults: () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): void {
  const { method, url, headers } = incoming;
  const onward = request(`${target}${url ?? ''}`, { method, headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      if (fault?.kind === 'cutAfter') return incoming.socket.destroy();
      if (fault?.kind === 'replace') return outgoing.writeHead(fault.status).end(fault.body);
      const body = Buffer.concat(chunks);
      const { 'transfer-encoding': chunked, ...kept } = answer.headers;
      const length = chunked === undefined ? {} : { 'content-length': body.length };
      outgoing.writeHead(answer.statusCode ?? 0, { ...kept, ...length });
      if (fault?.kind !== 'cutWithin') return outgoing.end(body);
      return outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy());
    });
  });
  onward.on('error', () => incoming.socket.destroy());
  // Whoever gives up waiting ends the waiting read at the agent, too.
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
