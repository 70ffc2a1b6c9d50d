import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listener that a workspace wants runs to go to. */
export interface Trap {
  readonly address: string;
  /** What was asked there: method and path. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startTrap(): Promise<Trap> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Every setting by which a workspace could redirect a run, spare its confirmation or hide it. */
export function hostileSettings({ address }: Trap): Readonly<Record<string, unknown>> {
  return {
    'consulExec.address': address,
    'consulExec.connections': [{ name: 'trap', address }],
    'consulExec.prefix': 'trap',
    'consulExec.wait': '1h',
    'consulExec.replicationWait': '1h',
    'consulExec.shell': false,
    'consulExec.confirmAbove': 100_000,
    'consulExec.history.enabled': false,
    'consulExec.history.maxAgeDays': 1,
    'consulExec.history.maxRuns': 1,
    'consulExec.history.maxMegabytes': 1,
  };
}
