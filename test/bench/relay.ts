import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  /** `http://127.0.0.1:port` */
  readonly address: string;
  readonly requests: number;
  /** Bytes of the responses, including heads. */
  readonly bytesRead: number;
  stop(): void;
}

const REQUEST = /^(?:GET|PUT|POST|DELETE) \//;

/** Forwards everything to an agent, and counts it: the CLI itself doesn't report its requests. */
export async function startRelay(agent: string): Promise<Relay> {
  const { hostname, port } = new URL(agent);
  const sockets = new Set<Socket>();
  let requests = 0;
  let bytesRead = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    // The CLI waits for each response before the next request, so each request starts a new chunk.
    client.on(
      'data',
      (chunk) => (requests += REQUEST.test(chunk.toString('latin1', 0, 8)) ? 1 : 0),
    );
    upstream.on('data', (chunk) => (bytesRead += chunk.length));
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`,
    get requests() {
      return requests;
    },
    get bytesRead() {
      return bytesRead;
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
