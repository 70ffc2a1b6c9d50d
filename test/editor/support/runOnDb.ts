import type { Session } from './session.ts';

/** Runs a file of the workspace on the service `db`, with the keyboard. */
export async function runOnDb({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.page.keyboard.press('Control+k');
  await workbench.page.keyboard.press('Control+g');
  await picks.run({ service: 'db' });
}
