import type { NodeSpec } from '../fleet/config.ts';

/** A node with metadata, and a service with metadata whose check has this status. */
function node(
  name: string,
  rack: string,
  version: string,
  status: 'critical' | 'passing' | 'warning' = 'passing',
): NodeSpec {
  return {
    name,
    config: { node_meta: { rack, 'os-name': version < '2' ? 'old os' : 'new' } },
    services: [
      {
        id: `app-${version}`,
        name: 'app',
        tags: [rack === 'r1' ? 'blue' : 'green'],
        meta: { version },
        checks: [{ name: 'ready', ttl: '1h', status }],
      },
    ],
  };
}

/** Nodes whose names the notations of lists, ranges, and filters would take apart. */
export const choiceClients: readonly NodeSpec[] = [
  node('web01', 'r1', '1.0'),
  node('web02', 'r1', '1.1', 'critical'),
  node('web03', 'r2', '1.1'),
  node('web04', 'r2', '2.0', 'warning'),
  node('web05', 'r3', '2.0'),
  node('web10', 'r3', '2.0', 'critical'),
  node('web1', 'r1', '1.0'),
  node('web[1-2]', 'r2', '1.0'),
  node('node with space', 'r1', '1.1'),
  node('a,b', 'r2', '2.0'),
  node('slash/node', 'r3', '1.0', 'critical'),
  node('ünïcode-ノード', 'r1', '2.0'),
  node('a.b+c(d)[e]^$', 'r2', '1.1'),
  node('DB-1.example.com', 'r3', '1.1'),
  node('db-2.example.com', 'r1', '1.0', 'warning'),
  node('!odd', 'r2', '2.0'),
  node('x&y', 'r3', '2.0'),
  node('7', 'r1', '1.0'),
  node('007', 'r2', '1.1'),
  node('quote"d', 'r3', '1.1'),
];
