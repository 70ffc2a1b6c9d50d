import assert from 'node:assert/strict';
import type { NodeSpec } from '../fleet/config.ts';

/** The server also has a local service, and its own `consul`, which agents don't know. */
export const oddServer: NodeSpec = {
  name: 'server-1',
  services: [{ id: 'vault-0', name: 'vault', tags: ['active'] }],
};

/** Nodes that a careless preview would get wrong: see filterTriples.ts. */
export const oddClients: readonly NodeSpec[] = [
  {
    name: 'web1',
    services: [
      { id: 'nginx-1', name: 'web', tags: ['primary', 'v1'] },
      { id: 'admin-1', name: 'admin', tags: ['internal'] },
    ],
  },
  { name: 'web2', services: [{ id: 'nginx-2', name: 'web', tags: ['secondary', 'v10'] }] },
  { name: 'web10', services: [{ id: 'web', name: 'frontend', tags: ['v1'] }] },
  {
    name: 'web19',
    services: [
      { id: 'api-1', name: 'api', tags: ['blue', 'v1'] },
      { id: 'api-2', name: 'api', tags: ['green'] },
      { id: 'api-10', name: 'api', tags: [] },
    ],
  },
  { name: 'WEB-03', services: [{ id: 'Nginx-3', name: 'web', tags: ['Primary'] }] },
  {
    name: 'db-01.example.com',
    services: [
      { id: 'pg-main', name: 'db', tags: ['primary'], port: 5432 },
      {
        id: 'pg-main-sidecar-proxy',
        name: 'db-sidecar-proxy',
        tags: ['mesh'],
        port: 21000,
        kind: 'connect-proxy',
        proxy: { destination_service_name: 'db', destination_service_id: 'pg-main' },
      },
    ],
  },
  { name: 'db-01xexample.com', services: [{ id: 'pg.replica', name: 'db', tags: ['replica'] }] },
  { name: 'ünïcode-ノード', services: [{ id: 'dienst-ü', name: 'dienst', tags: ['größe', 'ノ'] }] },
  { name: 'node with space', services: [{ id: 'svc with space', name: 'spaced', tags: ['a b'] }] },
  { name: 'slash/node', services: [{ id: 'a/b', name: 'slashed', tags: ['x/ack'] }] },
  { name: 'x/ack', services: [{ id: 'exit', name: 'keys', tags: ['out'] }] },
  { name: 'job' },
  { name: 'a.b+c(d)[e]^$', services: [{ id: 'c++', name: 'meta', tags: ['^$', '.*'] }] },
  { name: 'maint-1', services: [{ id: 'consul', name: 'myconsul', tags: ['local', ''] }] },
];

/** Registers a node with a service, but without an agent, in the catalog. */
export async function registerExternalNode(address: string): Promise<void> {
  const response = await fetch(`${address}/v1/catalog/register`, {
    method: 'PUT',
    body: JSON.stringify({
      Node: 'ext-1',
      Address: '10.9.9.9',
      Service: { ID: 'nginx-ext', Service: 'web', Tags: ['primary'] },
    }),
  });
  assert.ok(response.ok);
}
