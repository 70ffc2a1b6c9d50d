import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import type { ConnectionOptions } from '../../src/consul/endpoint/connectionOptions.ts';
import { Consul } from '../../src/consul/consul.ts';

/** A fake agent for responses that a real agent can't be made to send. */
export interface LoopbackAgent {
  readonly consul: Consul;
  /** The number of accepted connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** @param options of the connection to it */
export async function startLoopbackAgent(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<ConnectionOptions> = {},
): Promise<LoopbackAgent> {
  const server = createServer(respond);
  let connections = 0;
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const consul = new Consul({ endpoint: parseAddress(`127.0.0.1:${port}`), ...options });
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
