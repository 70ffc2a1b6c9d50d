import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Consul } from '../../src/consul/consul.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { sentJob } from '../../src/exec/guard/guardJob.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { findOnPath } from '../setup/command.ts';
import { hostileValues, jobWith, WRITERS } from '../support/parameterScripts.ts';
import { consulAt, requestFor } from './support/runs.ts';

describe('values of parameters on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients: [{ name: 'web-1' }] });
    consul = consulAt(fleet.agent('web-1').httpAddress);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  for (const [program, writer] of Object.entries(WRITERS)) {
    const isMissing = findOnPath(program) === undefined;
    for (const guard of [undefined, {}]) {
      const how = guard ? `${program}, guarded,` : program;
      test(`${how} sees what was typed`, { skip: isMissing }, async () => {
        const values = hostileValues(100, Math.random).map((value, i) => ({
          name: `value_${i}`,
          value,
        }));
        const job = sentJob(
          jobWith(program, writer(values.map(({ name }) => name)), values),
          randomUUID(),
          guard,
        );
        const output: Uint8Array[] = [];
        for await (const event of runJob(consul, requestFor(['web-1'], job))) {
          if (event.kind === 'output') output.push(event.bytes);
          if (event.kind === 'exited') assert.equal(event.code, 0);
        }
        const seen = Buffer.concat(output).toString().split('\0');
        assert.deepEqual(
          seen.slice(0, values.length),
          values.map(({ value }) => value),
        );
      });
    }
  }
});
