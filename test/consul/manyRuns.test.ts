import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runJob } from '../../src/exec/run/runJob.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { gather } from '../support/runToEnd.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { command, consulAt, requestFor } from './support/runs.ts';

const RUNS = 40;
const NODES = ['a', 'b'];

describe('many runs at once', () => {
  let fleet: Fleet;

  before(async () => {
    fleet = await startFleet({
      servers: [{ name: 'server-1', remoteExec: false }],
      clients: NODES.map((name) => ({ name })),
      // The agent resets further connections. Its default is 200, for all tools on the host.
      config: { limits: { http_max_conns_per_client: 24 } },
    });
  });
  after(() => fleet.stop());

  test('they share a few connections, and each gets its turn', { timeout: 120_000 }, async () => {
    const runs = Array.from({ length: RUNS }, async (_, i) => {
      // As in the editor, where each run opens its connection anew.
      const consul = consulAt(fleet.address);
      const job = command(`echo ${i} begun; sleep 6; echo ${i} done`);
      const { ledger, output, events } = await gather(
        runJob(consul, requestFor(NODES, job, { quietMs: 20_000 })),
      );
      await consul.close();
      assert.ok(ledger.succeeded, summarize(ledger));
      assert.deepEqual(ledger.warnings, []);
      for (const node of NODES) assert.equal(output.get(node), `${i} begun\n${i} done\n`);
      const acknowledged = events.filter(({ kind }) => kind === 'acknowledged');
      assert.equal(acknowledged.length, NODES.length);
    });
    await Promise.all(runs);
    await assertNothingLeft(fleet.address);
  });
});
