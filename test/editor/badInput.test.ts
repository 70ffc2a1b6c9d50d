import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'bad-input',
  clients: 1,
  files: {
    'empty.sh': '',
    'blank.sh': '\n   \n\n',
    'good.sh': 'echo fine\n',
    'long.sh': `echo ${'x'.repeat(400 * 1024)}\n`,
  },
});

const runSelection = 'Consul Exec: Run Selection on Consul Nodes…';
const runFile = 'Consul Exec: Run File on Consul Nodes…';

/** Asks for a run. Expects this message instead of the first quick pick, and that nothing is written. */
async function assertRefused(
  session: Session,
  command: string,
  sentence: RegExp,
  picture?: string,
): Promise<void> {
  const { workbench, runs, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await workbench.runCommand(command);
    const toast = await workbench.notification(sentence);
    if (picture !== undefined) await session.screenshot(picture);
    await toast.hover();
    await toast
      .getByRole('button', { name: /^(Clear|Close) Notification/ })
      .first()
      .click();
    assert.equal(await workbench.quickPick.isOpen(), false);
    await runs.open();
    assert.deepEqual(await runs.all(), []);
  });
}

scenario('no editor is open', async (session) => {
  await session.workbench.runCommand('View: Close All Editors');
  await assertRefused(
    session,
    runSelection,
    /No editor is open\. Open a script, or use "Run Command on Consul Nodes…"/,
  );
});

scenario('nothing is selected in an empty file', async (session) => {
  await session.workbench.openFile('empty.sh');
  const sentence = /Nothing is selected and the file is empty, so there is nothing to run\./;
  await assertRefused(session, runSelection, sentence);
});

scenario('the file is empty', async (session) => {
  await session.workbench.openFile('empty.sh');
  await assertRefused(session, runFile, /empty\.sh is empty, so there is nothing to run\./);
});

scenario('only blanks are selected', async (session) => {
  await session.workbench.openFile('blank.sh');
  await session.workbench.selectLines(1, 3);
  await assertRefused(session, runSelection, /The selection is empty\./);
});

scenario('the script is longer than Consul accepts', async (session) => {
  await session.workbench.openFile('long.sh');
  const sentence = /too long: 4\d{5} bytes, but this cluster accepts 3\d{5}\./;
  await assertRefused(session, runFile, sentence, 'too-long');
});

scenario('no agent is at the address', async (session) => {
  await session.changeSettings({ 'consulExec.address': '127.0.0.1:1' });
  await session.workbench.openFile('good.sh');
  const sentence = /Couldn't reach a Consul agent at http:\/\/127\.0\.0\.1:1\b/;
  await assertRefused(session, runFile, sentence, 'unreachable');
});

scenario('the server at the address is not Consul', async (session) => {
  const server = createServer((_, response) => response.end('<html>Hello</html>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await session.changeSettings({ 'consulExec.address': `http://127.0.0.1:${port}` });
    await session.workbench.openFile('good.sh');
    const sentence = new RegExp(`:${port} isn't a Consul agent`);
    await assertRefused(session, runFile, sentence);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

scenario('the address is invalid', async (session) => {
  await session.changeSettings({ 'consulExec.address': 'gopher://consul' });
  await session.workbench.openFile('good.sh');
  await assertRefused(session, runFile, /is not a valid address: gopher:\/\/ is not supported\./);
});

scenario('the wait is not a duration', async (session) => {
  await session.changeSettings({ 'consulExec.wait': '2 seconds' });
  await session.workbench.openFile('good.sh');
  await assertRefused(
    session,
    runFile,
    /"2 seconds" is not a valid duration\. Use a number and a unit/,
  );
});

scenario('the prefix is invalid', async (session) => {
  await session.changeSettings({ 'consulExec.prefix': '/_rexec' });
  await session.workbench.openFile('good.sh');
  await assertRefused(session, runFile, /"\/_rexec" is not a valid key prefix\./);
});
