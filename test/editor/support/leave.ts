import type { Fleet } from '../../fleet/fleet.ts';
import { eventually } from './eventually.ts';

/** Removes a node. An agent that leaves is removed from the catalog, but its last update can bring it back. */
export async function leave(fleet: Fleet, name: string): Promise<void> {
  const { address } = fleet;
  await fleet.agent(name).stop();
  const deregister = { method: 'PUT', body: JSON.stringify({ Node: name }) };
  await eventually(async () => {
    const response = await fetch(`${address}/v1/catalog/node/${name}`);
    if ((await response.json()) === null) return;
    await (await fetch(`${address}/v1/catalog/deregister`, deregister)).body?.cancel();
    throw new Error(`${name} is still in the catalog`);
  });
}
