import { type Fleet, startFleet } from '../../fleet/fleet.ts';

/** Three nodes with the service web, whose names begin alike, and one with db. */
export function startWebFleet(): Promise<Fleet> {
  return startFleet({
    clients: ['web1', 'web10', 'web11', 'db1'].map((name, i) => ({
      name,
      services: [{ id: `${name}-${i}`, name: name.startsWith('web') ? 'web' : 'db', tags: [] }],
      env: { NODE_NAME: name },
    })),
  });
}
