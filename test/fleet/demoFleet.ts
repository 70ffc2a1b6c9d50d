import type { NodeSpec, ServiceSpec } from './config.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** The node that refuses remote exec, which shows as silent in every run that reaches for it. */
export const refusingNode = 'web-04';

/** The node whose service fails its health check; it still runs jobs. */
export const failingNode = 'db-02';

/** The node that runs an older version than the others: the odd one out. */
export const outdatedNode = 'web-03';

const roles = ['web', 'web', 'db', 'web', 'cache', 'db', 'web', 'cache'] as const;

/**
 * Nodes for showing the extension. Service ids differ from service names, as they do on real fleets.
 * @param count how many; the first eight hold every special case
 */
function demoNodes(count: number): NodeSpec[] {
  const seen = { web: 0, db: 0, cache: 0 };
  return Array.from({ length: count }, (_, index) => {
    const role = roles[index % roles.length] ?? 'web';
    const number = ++seen[role];
    const name = `${role}-${String(number).padStart(2, '0')}`;
    return {
      name,
      services: [services[role](number)],
      remoteExec: name !== refusingNode,
      // A real machine tells its name and version by itself; these agents share one machine.
      env: { NODE_NAME: name, APP_VERSION: name === outdatedNode ? '2.4.0' : '2.4.1' },
    };
  });
}

const services: Record<(typeof roles)[number], (number: number) => ServiceSpec> = {
  web: (number) => ({
    id: `nginx-${number}`,
    name: 'web',
    tags: [number === 1 ? 'primary' : 'secondary', number % 2 === 0 ? 'eu-west' : 'us-east'],
    port: 8080,
  }),
  db: (number) => ({
    id: number === 1 ? 'postgres-main' : `postgres-replica-${number - 1}`,
    name: 'db',
    tags: [number === 1 ? 'primary' : 'secondary'],
    port: 5432,
    check: {
      name: 'replication',
      // A check that nobody reports keeps its first status.
      ttl: '87600h',
      status: `db-${String(number).padStart(2, '0')}` === failingNode ? 'critical' : 'passing',
      notes: 'Replication lag under 10 seconds',
    },
  }),
  cache: (number) => ({ id: `redis-${number}`, name: 'cache', tags: ['volatile'], port: 6379 }),
};

/**
 * Starts the fleet of `npm start`, with Consul's own timings, so that it feels like a real one, and
 * those of Raft as Consul recommends for production: the first election takes 2 seconds instead of 8.
 */
export function startDemoFleet(count: number): Promise<Fleet> {
  const server = { name: 'server-1', env: { NODE_NAME: 'server-1', APP_VERSION: '2.4.1' } };
  return startFleet({
    servers: [server],
    clients: demoNodes(count),
    defaultTimings: true,
    config: { performance: { raft_multiplier: 1 } },
  });
}
