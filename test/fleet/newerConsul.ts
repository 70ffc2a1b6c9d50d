import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * What newer servers do differently from the Consul that the tests run, as far as it shows at the HTTP API:
 * their limits, refusals, and headers (PROTOCOL.md §3.9). They can't be fetched here.
 */
export interface Profile {
  readonly version: string;
  /** The largest body of an event. */
  readonly maxEventBytes: number;
  /** The largest body of any request. */
  readonly maxBodyBytes: number;
  /** How long a waiting read can take before the connection is cut. */
  readonly cutAfterMs: number;
  /** What a server reports of its limits on requests: whether it enforces them, and writes per second. */
  readonly limits: { readonly mode: 0 | 1 | 2; readonly writes: number };
  /** Whether the nodes can be read with one request, which no documentation promises. */
  readonly hasUiNodes: boolean;
}

const MEGABYTE = 1024 * 1024;

export const PROFILES: Readonly<Record<string, Profile>> = {
  '1.22.3': {
    version: '1.22.3',
    maxEventBytes: 300,
    maxBodyBytes: 64 * MEGABYTE,
    cutAfterMs: 30_000,
    limits: { mode: 0, writes: Number.MAX_VALUE },
    hasUiNodes: true,
  },
  '2.1.0': {
    version: '2.1.0',
    maxEventBytes: 300,
    maxBodyBytes: 512 * 1024,
    cutAfterMs: 15 * 60_000,
    limits: { mode: 2, writes: 1000 },
    hasUiNodes: false,
  },
};

interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** The agent behind the proxy. */
export interface OlderAgent {
  /** `http://127.0.7.1:8500` */
  readonly address: string;
  /** Where the proxy listens. */
  readonly ip: string;
  /** Clients create no sessions in other datacenters. */
  readonly isServer: boolean;
  readonly datacenter: string;
  /** Newer servers tell whether ACLs hide something; this one can't, so nothing is told for it. */
  readonly hasAcls: boolean;
}

/** Starts a proxy that makes an agent look like one of a newer version. */
export async function startNewerConsul(
  agent: OlderAgent,
  profile: Profile,
): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(
      (body) => {
        const refused = refusalOf(incoming, body, agent, profile);
        if (refused) outgoing.writeHead(refused.status).end(refused.text);
        else forward(incoming, body, outgoing, agent, profile);
      },
      () => outgoing.destroy(),
    );
  });
  server.listen(0, agent.ip);
  await once(server, 'listening');
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('not an IP address');
  return {
    address: `http://${agent.ip}:${place.port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refusalOf(
  { method, url = '', headers }: IncomingMessage,
  body: Buffer,
  { isServer, datacenter }: OlderAgent,
  profile: Profile,
): Refusal | undefined {
  const { pathname, searchParams } = new URL(url, 'http://consul');
  if (method === 'PUT' && headers['content-length'] === undefined) {
    return { status: 400, text: 'Content-Length header is required' };
  }
  if (body.length > profile.maxBodyBytes) {
    return { status: 413, text: `Request body too large, max size: ${profile.maxBodyBytes} bytes` };
  }
  if (pathname.startsWith('/v1/event/fire/') && body.length > profile.maxEventBytes) {
    const text = `Event payload too large, received ${body.length} bytes, max size: ${profile.maxEventBytes} bytes`;
    return { status: 413, text };
  }
  if (method === 'PUT' && pathname.startsWith('/v1/kv/') && !isValidKey(pathname.slice(7))) {
    return { status: 500, text: 'invalid key name' };
  }
  const elsewhere = (searchParams.get('dc') ?? datacenter) !== datacenter;
  if (pathname === '/v1/session/create' && elsewhere && !isServer) {
    return { status: 500, text: 'cross datacenter lock must be created at server agent' };
  }
  if (pathname === '/v1/internal/ui/nodes' && !profile.hasUiNodes) return { status: 404, text: '' };
  return undefined;
}

/** Segments are no dots alone, and have no space at their ends. */
function isValidKey(path: string): boolean {
  return decodeURIComponent(path)
    .split('/')
    .every((segment) => !/^\.+$/.test(segment) && segment === segment.trim());
}

function forward(
  { method, url = '', headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  { address, hasAcls }: OlderAgent,
  profile: Profile,
): void {
  const isRead = /^\/v1\/(?:catalog|health|internal)\//.test(url);
  // So that the answer can be changed.
  delete headers['accept-encoding'];
  const onward = request(`${address}${url}`, { method, headers }, (answer) => {
    void readBody(answer).then(
      (bytes) => {
        const isSelf = answer.statusCode === 200 && url.startsWith('/v1/agent/self');
        const shown = isSelf ? withVersion(bytes, profile) : bytes;
        delete answer.headers['transfer-encoding'];
        outgoing.writeHead(answer.statusCode ?? 0, {
          ...answer.headers,
          'content-length': shown.length,
          ...(isRead && !hasAcls && { 'x-consul-results-filtered-by-acls': 'false' }),
        });
        outgoing.end(shown);
      },
      () => outgoing.destroy(),
    );
  });
  const cut = setTimeout(() => outgoing.destroy(), profile.cutAfterMs);
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => {
    clearTimeout(cut);
    onward.destroy();
  });
  onward.end(body);
}

function withVersion(bytes: Buffer, { version, limits }: Profile): Buffer {
  const self: unknown = JSON.parse(bytes.toString());
  if (typeof self === 'object' && self !== null && 'Config' in self && 'DebugConfig' in self) {
    Object.assign(self.Config as object, { Version: version });
    Object.assign(self.DebugConfig as object, {
      RequestLimitsMode: limits.mode,
      RequestLimitsWriteRate: limits.writes,
    });
  }
  return Buffer.from(JSON.stringify(self));
}
