import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';

/** For what a real agent cannot be made to do, or to tell of: answers given by hand. */
export interface LoopbackAgent {
  readonly consul: Consul;
  /** How many connections came in. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function startLoopbackAgent(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LoopbackAgent> {
  const server = createServer(answer);
  let connections = 0;
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const consul = new Consul({ endpoint: parseAddress(`127.0.0.1:${port}`) });
  return {
    consul,
    get connections() {
      return connections;
    },
    async close() {
      await consul.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
