import { Consul } from '../../src/consul/consul.ts';
import type { ConnectionOptions } from '../../src/consul/endpoint/connectionOptions.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { type ProtocolOptions, type RunRequest, runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';

/** The result of a run. */
export interface RunOutcome {
  readonly ledger: Ledger;
  readonly events: readonly RunEvent[];
  /** The output of each node. */
  readonly output: ReadonlyMap<string, string>;
}

/** Creates a request that runs a shell command on exactly these nodes. */
export function commandOn(
  nodes: readonly string[],
  text: string,
  options: Partial<ProtocolOptions> = {},
): RunRequest {
  return {
    job: { kind: 'command', text },
    announcements: [{ node: `^(?:${nodes.join('|')})$` }],
    targets: nodes,
    options: { prefix: '_rexec', quietMs: 5000, replicationWaitMs: 0, ...options },
  };
}

/** Connects, runs, and disconnects. */
export async function runOver(
  connection: ConnectionOptions,
  request: RunRequest,
): Promise<RunOutcome> {
  const consul = new Consul(connection);
  try {
    return await gather(runJob(consul, request));
  } finally {
    await consul.close();
  }
}

/** Reads a run to its end. */
export async function gather(run: AsyncIterable<RunEvent>): Promise<RunOutcome> {
  const ledger = new Ledger();
  const events: RunEvent[] = [];
  const output = new Map<string, string>();
  for await (const event of run) {
    events.push(event);
    ledger.apply(event);
    if (event.kind === 'output') {
      const text = Buffer.from(event.bytes).toString();
      output.set(event.node, (output.get(event.node) ?? '') + text);
    }
  }
  return { ledger, events, output };
}
