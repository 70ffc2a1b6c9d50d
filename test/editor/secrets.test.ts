import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { policyRule, runPermissions, userPolicy } from '../../src/exec/policy.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { createToken, MANAGEMENT, startAclFleet } from './support/aclFleet.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Prepared, type Session } from './support/session.ts';
import { tracesInFolder, tracesInPage } from './support/traces.ts';

const SUBJECT = { prefix: '_rexec', sessionNode: 'server-1', agentNode: 'server-1' };
/** Written by every run: what the scan must find, or it looked in the wrong places. */
const MARK = 'mark-8d1f3a';

/** Tokens by where the connection of that name takes them from. */
const tokens = {
  environment: '',
  file: '',
  secret: '',
  wrong: '99999999-8888-7777-6666-555555555555',
  lacking: '',
};

const tokenFiles = temporaryFolder('token-files');
after(() => tokenFiles.remove());

async function prepare(fleet: Fleet): Promise<Prepared> {
  tokens.environment = await createToken(fleet, userPolicy(SUBJECT));
  tokens.file = await createToken(fleet, userPolicy(SUBJECT));
  tokens.secret = await createToken(fleet, userPolicy(SUBJECT));
  const withoutEvent = runPermissions(SUBJECT).filter(({ resource }) => resource !== 'event');
  const rules = [
    ...withoutEvent.map(policyRule),
    ...['agent', 'node', 'service'].map((what) => `${what}_prefix "" { policy = "read" }`),
  ];
  tokens.lacking = await createToken(fleet, rules.join('\n'));
  const fromFile = async (name: 'file' | 'wrong' | 'lacking') => {
    const tokenFile = join(tokenFiles.path, name);
    await writeFile(tokenFile, tokens[name]);
    return { name, address: fleet.address, tokenSource: 'file', tokenFile };
  };
  const connections = [
    await fromFile('file'),
    await fromFile('wrong'),
    await fromFile('lacking'),
    { name: 'secret', address: fleet.address, tokenSource: 'secret' },
    { name: 'nowhere', address: '127.0.0.1:1', tokenSource: 'secret' },
  ];
  return {
    settings: { 'consulExec.connections': connections },
    env: { CONSUL_HTTP_TOKEN: tokens.environment },
  };
}

const scenario = editorSession({
  name: 'secrets',
  files: { 'broken.sh': `echo ${MARK}\nexit 3\n` },
  settings: { 'consulExec.wait': '3s' },
  startFleet: startAclFleet,
  token: MANAGEMENT,
  prepare,
});

/** Whatever the window shows or keeps at this moment. */
async function requireNoTokenInPage({ workbench }: Session): Promise<void> {
  assert.deepEqual(await tracesInPage(workbench.page, Object.values(tokens)), []);
}

async function use({ workbench }: Session, connection: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  await workbench.quickPick.choose(connection);
  await workbench.quickPick.waitUntilClosed();
}

/** Runs the script on all three agents, of which web-02 refuses. */
async function runAndFail(session: Session): Promise<void> {
  const { workbench, picks, runs } = session;
  await runs.open();
  const before = (await runs.all()).length;
  await workbench.openFile('broken.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'Any service' });
  await eventually(async () => assert.equal((await runs.all()).length, before + 1));
  const run = await runs.ended('broken.sh');
  assert.match(run.words, /2 failed · 1 silent/);
  await requireNoTokenInPage(session);
}

async function explainAndExport(session: Session): Promise<void> {
  const { workbench } = session;
  await session.runs.open();
  const own = /^broken\.sh/;
  await workbench.tree.waitFor(own);
  await workbench.tree.contextMenu(own, 'Why No Answer?');
  await workbench.page
    .getByRole('tab', { name: /^Why .* never answered/ })
    .first()
    .waitFor();
  await workbench.tree.contextMenu(own, 'Export Run…');
  await workbench.quickPick.waitFor('Export Run');
  await workbench.quickPick.choose('JSON');
  await workbench.quickPick.waitFor('Export Run as JSON');
  await workbench.quickPick.accept();
  await workbench.notification(/The run is saved in broken\.sh-/);
  await requireNoTokenInPage(session);
}

scenario('a token of the environment runs jobs', async (session) => {
  await runAndFail(session);
});

scenario('a token of a file runs jobs', async (session) => {
  await use(session, 'file');
  await runAndFail(session);
});

scenario('a token is kept in the secret store, and asked for once', async (session) => {
  const { workbench } = session;
  await use(session, 'secret');
  await workbench.runCommand('Consul Exec: Set Token of the Connection…');
  await workbench.quickPick.waitFor('ACL token for secret');
  await workbench.quickPick.type(tokens.secret);
  await session.screenshot('set-token');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await runAndFail(session);
  await explainAndExport(session);
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/secret works: .*Your token may run jobs\./);
  await requireNoTokenInPage(session);
});

scenario('a wrong token is told of without being shown', async (session) => {
  const { workbench } = session;
  await use(session, 'wrong');
  await workbench.openFile('uptime.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await workbench.notification(/token/);
  await session.screenshot('wrong-token');
  await requireNoTokenInPage(session);
});

scenario('an agent that does not answer is told of without any token', async (session) => {
  const { workbench } = session;
  await use(session, 'nowhere');
  await workbench.runCommand('Consul Exec: Set Token of the Connection…');
  await workbench.quickPick.waitFor('ACL token for nowhere');
  await workbench.quickPick.type(tokens.secret);
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/127\.0\.0\.1:1/);
  await requireNoTokenInPage(session);
});

scenario('a test names the permission a token lacks and shows the policy', async (session) => {
  const { workbench } = session;
  await use(session, 'lacking');
  await workbench.runCommand('Consul Exec: Test Connection');
  const toast = await workbench.notification(
    /lacking answers, but your token lacks event:write on "_rexec"\./,
  );
  await session.screenshot('lacking');
  await toast.getByRole('button', { name: 'Show the Policy It Needs' }).click();
  await eventually(async () => {
    const text = await workbench.editor.wholeText();
    assert.match(text, /event "_rexec" \{\s+policy = "write"/);
    assert.match(text, /session "server-1"/);
  });
  await session.screenshot('policy');
  await requireNoTokenInPage(session);
});

/**
 * Nothing is left out of the search: this server gives its windows a secret store in memory, and a
 * window elsewhere keeps secrets encrypted, by the system's key store or the server's key.
 */
scenario('no token is in any file, log, channel, database or on the screen', async (session) => {
  const { workbench, vscode, workspaceFolder } = session;
  await workbench.runCommand('Consul Exec: Show Log');
  await session.reload();
  const all = [...Object.values(tokens), MARK];
  // Beside the server's data: its own log, the installed extensions, the exported run.
  const serverFolder = dirname(vscode.serverDataDir);
  const inFiles = await tracesInFolder(serverFolder, all);
  const inWorkspace = await tracesInFolder(workspaceFolder, all);
  const isToken = ({ text }: { readonly text: string }) => text !== MARK;
  assert.deepEqual([...inFiles, ...inWorkspace].filter(isToken), []);
  await requireNoTokenInPage(session);
  // The same scan finds what runs do leave: in the history, in the channels' files, in the export.
  const marked = inFiles.filter((trace) => !isToken(trace)).map(({ place }) => place);
  assert.ok(
    marked.some((place) => place.endsWith('/journal')),
    marked.join('\n'),
  );
  assert.ok(
    marked.some((place) => place.includes('output_')),
    marked.join('\n'),
  );
  assert.ok(inWorkspace.some(({ place }) => place.endsWith('.json')));
});
