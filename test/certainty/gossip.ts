import { gather } from '../support/runToEnd.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { startCountedFleet } from './countedFleet.ts';

/** With the server nine agents: Consul passes an event on only four times from each of them. */
const NODES = 8;
const PARALLEL = 3;

/** Many runs on a fleet with Consul's default gossip: every node runs each job exactly once. */
export async function gossip(runs: number): Promise<Record<string, number>> {
  const counted = await startCountedFleet(NODES);
  const figures = { runs, missed: 0, ranTwice: 0, neededSecondAttempt: 0, neededThirdAttempt: 0 };
  let next = 0;
  const worker = async () => {
    const consul = counted.connect();
    while (next++ < runs) {
      const { id, job } = counted.countedJob();
      const request = {
        job,
        announcements: [{ node: '^n[0-9]$' }],
        targets: counted.names,
        options: { prefix: '_rexec', quietMs: 2000, replicationWaitMs: 0 },
      };
      const { events } = await gather(runJob(consul, request));
      const attempts = events.filter(({ kind }) => kind === 'attempted').length;
      if (attempts > 0) figures.neededSecondAttempt++;
      if (attempts > 1) figures.neededThirdAttempt++;
      for (const [node, count] of counted.runsOf(id)) {
        if (count === 0) figures.missed++;
        if (count > 1) figures.ranTwice++;
        if (count !== 1) process.stderr.write(`${id}: ${node} ran ${count} times\n`);
      }
    }
    await consul.close();
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  } finally {
    await counted.stop();
  }
  return figures;
}
