import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import { Run } from '../../../src/runs/run.ts';
import { SpilledOutput } from '../../../src/runs/output/spilledOutput.ts';
import { sampleInfo, started, wrote } from './sampleRun.ts';

describe('large output of runs that are not saved', () => {
  test('is on disk for the user alone, and is deleted with its run and with the window', async () => {
    const spilled = new SpilledOutput();
    let folder = '';
    const runs = ['a', 'b'].map((name) => {
      const id = sampleInfo().id.replace(/.$/, name);
      const spill = () => {
        const journal = spilled.begin(id);
        folder = dirname(journal.path);
        return journal;
      };
      return new Run(sampleInfo({ id }), { spill, memoryLimit: 0 });
    });
    for (const run of runs) {
      run.apply(started(['a']));
      run.apply(wrote('a', run.info.id));
      await run.close();
      assert.equal(run.output.bytesInMemory, 0);
      assert.equal(run.recordFailure, undefined);
      assert.equal(Buffer.from(await run.output.read('a')).toString(), run.info.id);
      await run.close();
    }
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    await spilled.remove(runs[0]!.info.id);
    assert.deepEqual(await readdir(folder), [runs[1]!.info.id]);
    await spilled.end();
    assert.ok(!existsSync(folder));
    assert.throws(() => spilled.begin(runs[0]!.info.id));
  });

  test('that never arrives needs no folder', async () => {
    const spilled = new SpilledOutput();
    await spilled.remove(sampleInfo().id);
    await spilled.end();
  });
});
