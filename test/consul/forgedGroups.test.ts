import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { chunkName } from '../../src/exec/protocol/keys.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { combineByGroup } from '../../src/runs/documents/combinedOutput.ts';
import { Run } from '../../src/runs/run.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { sampleInfo } from '../unit/runs/sampleRun.ts';

const NODES = 1000;
const KINDS = 7;
const CHUNK_BYTES = 4096;
const OPERATIONS = 64;

/** A hundred lines, the same for every node of a kind; more than one chunk. */
const OUTPUTS = Array.from({ length: KINDS }, (_, kind) =>
  Buffer.from(
    Array.from({ length: 100 }, (_, line) => `${line} kind ${kind} ${'·'.repeat(20)}\n`).join(''),
  ),
);

let fleet: Fleet;
let consul: Consul;

before(async () => {
  fleet = await startFleet({ clients: [] });
  consul = new Consul({ endpoint: parseAddress(fleet.address) });
});
after(async () => {
  await consul.close();
  await fleet.stop();
});

test('a thousand nodes with seven outputs are seven groups, exactly', async (t) => {
  const targets = Array.from({ length: NODES }, (_, i) => `node-${i}`);
  const run = new Run({ ...sampleInfo(), targets });
  let forging: Promise<void> | undefined;
  const options = { prefix: '_rexec', quietMs: 5000, replicationWaitMs: 0 };
  const request = {
    job: { kind: 'command', text: 'true' } as const,
    announcements: [{ node: '^nobody-at-all$' }],
    targets,
    options,
  };
  for await (const event of runJob(consul, request)) {
    run.apply(event);
    if (event.kind === 'started') forging = forge(event.sessions[0]?.session ?? '', targets);
  }
  await forging;
  assert.equal(run.ledger.end, 'complete');

  const from = performance.now();
  const groups = run.groupings.exact.groups(run.ledger);
  const grouped = performance.now();
  const { sections } = await combineByGroup(run, Date.now());
  const combined = performance.now();
  t.diagnostic(`groups in ${(grouped - from).toFixed(1)} ms`);
  t.diagnostic(`one document of them, as for a diff, in ${(combined - grouped).toFixed(1)} ms`);

  assert.equal(groups.length, KINDS);
  assert.equal(sections.length, KINDS);
  for (const group of groups) {
    const kind = kindOf(group.nodes[0]);
    assert.deepEqual(
      new Set(group.nodes),
      new Set(targets.filter((node) => kindOf(node) === kind)),
    );
    assert.deepEqual(Buffer.from(await run.output.read(group.nodes[0])), OUTPUTS[kind]);
  }
});

function kindOf(node: string): number {
  return Number(node.slice('node-'.length)) % KINDS;
}

/** Writes what agents would: every key locked with the run's session, the exit last. */
async function forge(session: string, nodes: readonly string[]): Promise<void> {
  const writes = nodes.flatMap((node) => {
    const tree = `_rexec/${session}/${node}`;
    const output = OUTPUTS[kindOf(node)] ?? Buffer.alloc(0);
    const chunks = Array.from({ length: Math.ceil(output.length / CHUNK_BYTES) }, (_, i) => ({
      key: `${tree}/out/${chunkName(i)}`,
      value: output.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
    }));
    return [
      { key: `${tree}/ack`, value: Buffer.alloc(0) },
      ...chunks,
      { key: `${tree}/exit`, value: Buffer.from('0') },
    ];
  });
  for (let from = 0; from < writes.length; from += OPERATIONS) {
    const operations = writes.slice(from, from + OPERATIONS).map(({ key, value }) => ({
      KV: { Verb: 'lock', Key: key, Value: value.toString('base64'), Session: session },
    }));
    await consul.call({ method: 'PUT', path: '/v1/txn', body: JSON.stringify(operations) });
  }
}
