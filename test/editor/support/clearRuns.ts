import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';
import type { Session } from './session.ts';

/** Deletes all runs, if any; the list includes those of earlier windows. */
export async function clearRuns({ workbench, runs }: Session): Promise<void> {
  await runs.open();
  const welcome = workbench.page.locator('.part.sidebar .welcome-view-content').first();
  await welcome.or(workbench.page.locator('.part.sidebar').getByRole('treeitem').first()).waitFor();
  if ((await runs.all()).length === 0) return;
  await workbench.runCommand('Consul Exec: Clear Runs…');
  await workbench.dialog.waitFor('Delete all finished runs and their output?');
  const button = (await workbench.dialog.buttons()).find((name) => /^Delete \d+ Runs?$/.test(name));
  assert.ok(button, 'no button to delete the runs');
  await workbench.dialog.press(button);
  await eventually(async () => assert.equal((await runs.all()).length, 0));
}
