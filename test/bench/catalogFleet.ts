import { Consul } from '../../src/consul/consul.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';

const OPERATIONS = 64;

/**
 * Registers nodes in the catalog as if healthy agents with a service had joined. The leader removes them
 * within about a minute, because they aren't members of the gossip pool: use them at once.
 */
export async function enterNodes(address: string, names: readonly string[]): Promise<void> {
  const consul = new Consul({ endpoint: parseAddress(address) });
  const operations = names.flatMap((Node, i) => [
    { Node: { Verb: 'set', Node: { Node, Address: `127.1.${(i >> 8) & 255}.${i & 255}` } } },
    {
      Check: {
        Verb: 'set',
        Check: { Node, CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing' },
      },
    },
  ]);
  for (let from = 0; from < operations.length; from += OPERATIONS) {
    await consul.call({
      method: 'PUT',
      path: '/v1/txn',
      body: JSON.stringify(operations.slice(from, from + OPERATIONS)),
    });
  }
  await consul.close();
}
