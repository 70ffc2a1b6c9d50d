import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Consul } from '../../src/consul/consul.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { outputText } from '../../src/runs/output/outputText.ts';
import { Run } from '../../src/runs/run.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { consulAt, requestFor } from './support/runs.ts';

const NODES = ['web-1', 'web-2', 'web-3'];

describe("the name of a script's temporary file on real agents", () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients: NODES.map((name) => ({ name })) });
    consul = consulAt(fleet.agent('web-1').httpAddress);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  async function runScript(text: string): Promise<Run> {
    const job = { kind: 'script', text } as const;
    const run = new Run({
      id: '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11',
      job,
      title: 'script',
      announcements: [],
      targets: NODES,
      choice: '',
      datacenters: ['dc1'],
      connection: 'fleet',
      createdAt: Date.now(),
    });
    for await (const event of runJob(consul, requestFor(NODES, job))) run.apply(event);
    return run;
  }

  for (const [what, script, expected] of [
    ["the shell's error", 'nosuchprogram\n', /^script: (line )?1: nosuchprogram: not found\n$/],
    ['that of bash', '#!/bin/bash\n\nnosuchprogram\n', /^script: line 3: nosuchprogram: /],
    [
      'its own name',
      '#!/bin/sh\necho "$0 $(basename "$0") $0.log"\n',
      /^script script script\.log\n$/,
    ],
  ] as const) {
    test(`${what} is one group, and no node is named by a file that is gone`, async () => {
      const run = await runScript(script);
      const groups = run.groupings.exact.groups(run.ledger);
      assert.deepEqual(
        groups.map(({ nodes }) => nodes),
        [NODES],
      );
      const raw = await Promise.all(NODES.map((node) => run.output.read(node)));
      assert.equal(new Set(raw.map((bytes) => Buffer.from(bytes).toString())).size, NODES.length);
      for (const bytes of raw) assert.match(Buffer.from(bytes).toString(), /\/rexec\d+/);
      const { text } = await outputText(run.output, 'web-2');
      assert.match(Buffer.from(text).toString(), expected);
    });
  }
});
