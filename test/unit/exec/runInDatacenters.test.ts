import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { Consul } from '../../../src/consul/consul.ts';
import { PermissionError } from '../../../src/consul/errors/consulErrors.ts';
import { runInDatacenters } from '../../../src/exec/run/runInDatacenters.ts';
import { commandOn, gather, type RunOutcome } from '../../support/runToEnd.ts';

/** As much of an agent as a run speaks to; it refuses events in some datacenters. */
async function withAgent(
  deaf: readonly string[],
  use: (run: () => Promise<RunOutcome>, open: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const open = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://a');
    const datacenter = searchParams.get('dc') ?? '';
    const session = `00000000-0000-0000-0000-000000000${datacenter}`;
    const say = (value: unknown, status = 200) =>
      response.writeHead(status, { 'x-consul-index': '5' }).end(JSON.stringify(value));
    if (pathname.endsWith('/create')) {
      open.add(datacenter);
      say({ ID: session });
    } else if (pathname.includes('/event/')) {
      if (deaf.includes(datacenter)) response.writeHead(403).end('Permission denied');
      else say({});
    } else if (pathname.includes('/destroy/')) {
      open.delete(datacenter);
      say(true);
    } else if (request.method === 'GET') {
      const key = (rest: string) => ({ Key: `_rexec/${session}/${rest}`, Value: btoa('0') });
      say([key('job'), key('web-01/ack'), key('web-01/exit')]);
    } else say(true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const consul = new Consul({ endpoint: parseAddress(`127.0.0.1:${port}`) });
  const run = () =>
    gather(
      runInDatacenters(
        ['dc1', 'dc2'].map((datacenter) => ({
          datacenter,
          consul: consul.in(datacenter),
          request: commandOn(['web-01'], 'true'),
        })),
      ),
    );
  try {
    await use(run, open);
  } finally {
    await consul.close();
    server.closeAllConnections();
    server.close();
  }
}

test('a datacenter that refuses the announcement does not take the others along', () =>
  withAgent(['dc2'], async (run, open) => {
    const { ledger } = await run();
    assert.equal(ledger.get('web-01@dc1')?.code, 0);
    assert.equal(ledger.get('web-01@dc2')?.state, 'noResponse');
    assert.equal(ledger.end, 'unreachable');
    assert.match(ledger.reason ?? '', /^In dc2: Consul denied the request: /);
    assert.equal(ledger.succeeded, false);
    assert.deepEqual([...open], []);
  }));

test('when nothing could be announced anywhere the run fails', () =>
  withAgent(['dc1', 'dc2'], async (run, open) => {
    await assert.rejects(run, PermissionError);
    assert.deepEqual([...open], []);
  }));

test('when all goes well the run is complete', () =>
  withAgent([], async (run, open) => {
    const { ledger } = await run();
    assert.equal(ledger.end, 'complete');
    assert.equal(ledger.succeeded, true);
    assert.deepEqual([...open], []);
  }));
