import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exportMarkdown } from '../../../src/runs/export/markdown.ts';
import { Run } from '../../../src/runs/run.ts';
import { sampleEvents, sampleInfo, T0 } from './sampleRun.ts';

describe('a run', () => {
  test('that is renamed is called so by what is made of it from then on', async () => {
    const run = new Run(sampleInfo());
    for (const event of sampleEvents()) run.apply(event);
    run.rename('Before the upgrade');
    assert.deepEqual(run.info, sampleInfo({ title: 'Before the upgrade' }));
    const [heading] = await Array.fromAsync(exportMarkdown(run, T0));
    assert.equal(heading, '# Before the upgrade\n\n');
  });
});
