import { setTimeout as sleep } from 'node:timers/promises';
import { Consul } from '../../../src/consul/consul.ts';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { chunkName } from '../../../src/exec/protocol/keys.ts';
import { clock } from '../clock.ts';
import {
  CHUNK_BYTES,
  forgedCode,
  type ForgedFleet,
  forgedName,
  forgedOutput,
} from '../forgedFleet.ts';
import { serve } from '../serve.ts';

/** Describes what to write, and where. */
export interface ForgeOrder extends ForgedFleet {
  readonly address: string;
  readonly prefix: string;
  /** Number of keys in one transaction; agents write 1. */
  readonly keysAtOnce: number;
}

export interface ForgeReport {
  /** On the shared clock: when the first write was sent, and when the last one was confirmed. */
  readonly from: number;
  readonly to: number;
  readonly keys: number;
}

const WRITERS = 6;

interface Write {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * Waits for the job key of any run, and writes what a fleet of agents would write: every key is locked with
 * the run's session; for each node, the acknowledgment comes first and the exit last.
 */
async function forge({ address, prefix, keysAtOnce, ...fleet }: ForgeOrder): Promise<ForgeReport> {
  const consul = new Consul({ endpoint: parseAddress(address) });
  const session = await findSession(consul, prefix);
  const from = clock();
  let keys = 0;
  // Each node has one writer, so its keys come in order.
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      let batch: Write[] = [];
      const flush = async () => {
        if (batch.length === 0) return;
        await write(consul, session, batch);
        keys += batch.length;
        batch = [];
      };
      for (let node = writer; node < fleet.nodes; node += WRITERS) {
        for (const next of writesOf(`${prefix}/${session}/`, node, fleet.bytesPerNode)) {
          batch.push(next);
          if (batch.length >= keysAtOnce) await flush();
        }
      }
      await flush();
    }),
  );
  const to = clock();
  await consul.close();
  return { from, to, keys };
}

function* writesOf(tree: string, node: number, bytes: number): Generator<Write> {
  const folder = `${tree}${forgedName(node)}`;
  yield { key: `${folder}/ack`, value: Buffer.alloc(0) };
  const output = forgedOutput(node, bytes);
  for (let start = 0, chunk = 0; start < bytes; start += CHUNK_BYTES, chunk++) {
    const value = output.subarray(start, start + CHUNK_BYTES);
    yield { key: `${folder}/out/${chunkName(chunk)}`, value };
  }
  yield { key: `${folder}/exit`, value: Buffer.from(String(forgedCode(node))) };
}

async function write(consul: Consul, session: string, batch: readonly Write[]): Promise<void> {
  await consul.call({
    method: 'PUT',
    path: '/v1/txn',
    body: JSON.stringify(
      batch.map(({ key, value }) => ({
        KV: { Verb: 'lock', Key: key, Value: value.toString('base64'), Session: session },
      })),
    ),
  });
}

async function findSession(consul: Consul, prefix: string): Promise<string> {
  for (;;) {
    const path = `/v1/kv/${prefix}/`;
    const response = await consul.call({
      method: 'GET',
      path,
      query: { keys: '' },
      accept: [404],
    });
    const keys = response.status === 404 ? [] : (consul.parse(response) as string[]);
    const job = keys.find((key) => key.endsWith('/job'));
    if (job !== undefined) return job.slice(prefix.length + 1, -'/job'.length);
    await sleep(5);
  }
}

serve(forge);
