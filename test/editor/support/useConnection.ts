import type { Session } from './session.ts';

/** Switches to a connection from the settings by its name. */
export async function useConnection({ workbench }: Session, connection: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  await workbench.quickPick.choose(connection);
  await workbench.quickPick.waitUntilClosed();
}
