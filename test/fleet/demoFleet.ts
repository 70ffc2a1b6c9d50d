import type { NodeSpec, ServiceSpec } from './config.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** This node ignores remote exec, so it gives no response in every run that targets it. */
export const refusingNode = 'web-04';

/** The service of this node fails its health check; the node still runs jobs. */
export const failingNode = 'db-02';

/** This node runs an older version than the others. */
export const outdatedNode = 'web-03';

const roles = ['web', 'web', 'db', 'web', 'cache', 'db', 'web', 'cache'] as const;

/**
 * Builds the nodes for a demo. Service IDs differ from service names, as on real fleets.
 * @param count the first eight cover every special case
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
      config: { node_meta: { rack: `r${(index % 3) + 1}` } },
      remoteExec: name !== refusingNode,
      // These agents share one machine, so they get a name and a version from here.
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
      // A check without reports stays in its initial status.
      ttl: '87600h',
      status: `db-${String(number).padStart(2, '0')}` === failingNode ? 'critical' : 'passing',
      notes: 'Replication lag under 10 seconds',
    },
  }),
  cache: (number) => ({ id: `redis-${number}`, name: 'cache', tags: ['volatile'], port: 6379 }),
};

/**
 * Starts the fleet of `npm start` with Consul's default timings, so that it behaves like a real one. Raft
 * has the timings that Consul recommends for production: the first election takes 2 seconds instead of 8.
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
