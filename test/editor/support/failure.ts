import type { Session } from './session.ts';

/** Our own log; VS Code's is long, so that only its errors about us are of use. */
const OWN_LOG = 'Consul Exec.log';
const HOST_LOG = 'remoteexthost.log';

/** Writes to stderr what a failed test cannot say itself: the screen, the logs, what was on top. */
export async function tellFailure(session: Session, name: string): Promise<void> {
  const { workbench, vscode } = session;
  const file = `failed-${name.replaceAll(/[^\w]+/g, '-')}`;
  const lines = [`-- ${name} failed`];
  const tell = async (what: string, read: () => Promise<unknown>) => {
    const value = await read().catch((error: unknown) => `cannot be read: ${String(error)}`);
    lines.push(`${what}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  };
  await tell('screenshot', () => workbench.screenshot(file));
  await tell('tree', async () => (await workbench.tree.rows()).map(({ text }) => text));
  await tell('notifications', () => workbench.notifications());
  for (const { path, text } of await vscode.logs().catch(() => [])) {
    if (path.endsWith(OWN_LOG)) lines.push(`-- ${path}`, text.slice(-3_000).trimEnd());
    if (!path.endsWith(HOST_LOG)) continue;
    const errors = text.split('\n').filter((line) => /\[error\].*consul/i.test(line));
    if (errors.length > 0) lines.push(`-- ${path}`, ...errors.slice(-20));
  }
  process.stderr.write(`${lines.join('\n')}\n`);
}
