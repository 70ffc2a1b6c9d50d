import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  /** `http://127.0.0.1:port` */
  readonly address: string;
  readonly requests: number;
  /** Bytes that came back, heads included. */
  readonly bytesRead: number;
  stop(): void;
}

const REQUEST = /^(?:GET|PUT|POST|DELETE) \//;

/** Hands everything on to an agent, and counts: the CLI itself tells nothing of its requests. */
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
    // The CLI sends a request and waits for its answer, so each begins a piece of its own.
    client.on(
      'data',
      (piece) => (requests += REQUEST.test(piece.toString('latin1', 0, 8)) ? 1 : 0),
    );
    upstream.on('data', (piece) => (bytesRead += piece.length));
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
