import type { Session } from './session.ts';

/** The extension's log. From VS Code's long log, only errors about the extension are useful. */
const OWN_LOG = 'Consul Exec.log';
const HOST_LOG = 'remoteexthost.log';

/** Writes the state of a failed test to stderr: a screenshot, the tree, notifications, and the logs. */
export async function reportFailure(session: Session, name: string): Promise<void> {
  const { workbench, vscode } = session;
  const file = `failed-${name.replaceAll(/[^\w]+/g, '-')}`;
  const lines = [`-- ${name} failed`];
  const add = async (label: string, read: () => Promise<unknown>) => {
    const value = await read().catch((error: unknown) => `can't read: ${String(error)}`);
    lines.push(`${label}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  };
  await add('screenshot', () => workbench.screenshot(file));
  await add('tree', async () => (await workbench.tree.rows()).map(({ text }) => text));
  await add('notifications', () => workbench.notifications());
  for (const { path, text } of await vscode.logs().catch(() => [])) {
    if (path.endsWith(OWN_LOG)) lines.push(`-- ${path}`, text.slice(-3_000).trimEnd());
    if (!path.endsWith(HOST_LOG)) continue;
    const errors = text.split('\n').filter((line) => /\[error\].*consul/i.test(line));
    if (errors.length > 0) lines.push(`-- ${path}`, ...errors.slice(-20));
  }
  process.stderr.write(`${lines.join('\n')}\n`);
}
