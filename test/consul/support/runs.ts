import type { EventFilters } from '../../../src/consul/event.ts';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { Consul } from '../../../src/consul/consul.ts';
import { encodeJob, type Job } from '../../../src/exec/protocol/job.ts';
import { Attempts } from '../../../src/exec/attempt/attempts.ts';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import type { ProtocolOptions, RunRequest } from '../../../src/exec/run/runJob.ts';

export function consulAt(address: string): Consul {
  return new Consul({ endpoint: parseAddress(address) });
}

/** A request for these targets, by filters that are theirs unless others are given. */
export function requestFor(
  targets: readonly string[] | undefined,
  job: Job,
  options: Partial<ProtocolOptions> = {},
  filters: EventFilters = { node: `^(?:${(targets ?? []).join('|')})$` },
): RunRequest {
  return {
    job,
    announcements: [filters],
    targets,
    options: { prefix: '_rexec', quietMs: 5000, replicationWaitMs: 0, ...options },
  };
}

/** Attempts without a run, below the usual prefix. */
export function attemptsOf(consul: Consul, job: Job): Attempts {
  const encodedJob = encodeJob(job, 2000);
  return new Attempts({ consul, prefix: '_rexec', sessionNode: undefined, job, encodedJob });
}

export function command(text: string): Job {
  return { kind: 'command', text };
}

/** Calls back at every event that passes by. */
export async function* watch(
  run: AsyncIterable<RunEvent>,
  onEvent: (event: RunEvent) => unknown,
): AsyncGenerator<RunEvent> {
  for await (const event of run) {
    await onEvent(event);
    yield event;
  }
}

/** Calls back once, at the first piece of output that any node wrote. */
export function atFirstOutput(
  run: AsyncIterable<RunEvent>,
  act: () => unknown,
): AsyncGenerator<RunEvent> {
  let done = false;
  return watch(run, async (event) => {
    if (done || event.kind !== 'output') return;
    done = true;
    await act();
  });
}
