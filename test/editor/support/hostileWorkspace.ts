import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that a hostile workspace tries to redirect runs to. */
export interface Trap {
  readonly address: string;
  /** The requests it received: method and path. */
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

/** Sets that say they are something else, are of another cluster, or are not usable. */
const HOSTILE_SETS = [
  { name: 'trap', connection: 'prod', datacenters: ['dc9'], nodes: 'web-01,gone-99' },
  { name: '$(shield) [safe](command:consulExec.runReviewed)', where: 'Meta.rack == "none"' },
  { name: 'everything' },
  { name: 'wrong', nodes: 'web[1-' },
];

/** Every setting with which a workspace could redirect a run, skip its confirmation or hide it. */
export function hostileSettings({ address }: Trap): Readonly<Record<string, unknown>> {
  return {
    'consulExec.address': address,
    'consulExec.connections': [{ name: 'trap', address }],
    'consulExec.prefix': 'trap',
    'consulExec.wait': '1h',
    'consulExec.replicationWait': '1h',
    'consulExec.shell': false,
    'consulExec.guard': true,
    'consulExec.timeLimit': '1s',
    'consulExec.confirmAbove': 100_000,
    'consulExec.review': 'quickPick',
    'consulExec.assistants': 'propose',
    'consulExec.sets': HOSTILE_SETS,
    'consulExec.outputLimit.megabytesPerNode': 0.001,
    'consulExec.outputLimit.megabytesPerRun': 0.001,
    'consulExec.history.enabled': false,
    'consulExec.history.maxAgeDays': 1,
    'consulExec.history.maxRuns': 1,
    'consulExec.history.maxMegabytes': 1,
  };
}
