import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { policyRule, runPermissions, userPolicy } from '../../src/exec/access/policy.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { type ForwardProxy, startForwardProxy } from '../support/forwardProxy.ts';
import { startNginx } from '../support/nginx.ts';
import { createToken, MANAGEMENT, startAclFleet } from './support/aclFleet.ts';
import { eventually } from './support/eventually.ts';
import { type Json, probe, probeEnvironment, probeVsix } from './support/probe.ts';
import { editorSession, type Prepared, type Session } from './support/session.ts';
import { tracesInFolder, tracesInPage } from './support/traces.ts';
import { useConnection } from './support/useConnection.ts';

const SUBJECT = { prefix: '_rexec', sessionNode: 'server-1', agentNode: 'server-1' };
/** Printed by every run. If the scan doesn't find it, the scan looks in the wrong places. */
const MARK = 'mark-8d1f3a';

/** Tokens by the name of their connection; passwords by the proxy that requires them. */
const secrets = {
  environment: '',
  file: '',
  secret: '',
  prompt: '',
  wrong: '99999999-8888-7777-6666-555555555555',
  lacking: '',
  basic: 'basic-2f6c91',
  proxy: 'proxy-77d0ae',
};

/** A name that only the proxy resolves: addresses of this machine don't use the proxy. */
const FAR = 'agents.example.invalid';
let proxy: ForwardProxy | undefined;
let stopNginx: (() => Promise<void>) | undefined;
const nginxFolder = temporaryFolder('nginx');
after(async () => {
  proxy?.stop();
  await stopNginx?.();
  nginxFolder.remove();
});

/** @returns the address of a reverse proxy that requires a user name and a password */
async function guard(fleet: Fleet): Promise<string> {
  const users = join(nginxFolder.path, 'users');
  await writeFile(users, `me:{PLAIN}${secrets.basic}\n`);
  const { ip } = fleet.agent('server-1');
  const port = 8580;
  const server = `location / {
    auth_basic "consul";
    auth_basic_user_file ${users};
    proxy_pass ${fleet.address};
  }`;
  stopNginx = await startNginx({ folder: nginxFolder.path, ip, port, server });
  return `http://${ip}:${port}`;
}

const tokenFiles = temporaryFolder('token-files');
after(() => tokenFiles.remove());

async function prepare(fleet: Fleet): Promise<Prepared> {
  secrets.environment = await createToken(fleet, userPolicy(SUBJECT));
  secrets.file = await createToken(fleet, userPolicy(SUBJECT));
  secrets.secret = await createToken(fleet, userPolicy(SUBJECT));
  secrets.prompt = await createToken(fleet, userPolicy(SUBJECT));
  const withoutEvent = runPermissions(SUBJECT).filter(({ resource }) => resource !== 'event');
  const rules = [
    ...withoutEvent.map(policyRule),
    ...['agent', 'node', 'service'].map((what) => `${what}_prefix "" { policy = "read" }`),
  ];
  secrets.lacking = await createToken(fleet, rules.join('\n'));
  const fromFile = async (name: 'file' | 'wrong' | 'lacking') => {
    const tokenFile = join(tokenFiles.path, name);
    await writeFile(tokenFile, secrets[name]);
    return { name, address: fleet.address, tokenSource: 'file', tokenFile };
  };
  const connections = [
    await fromFile('file'),
    await fromFile('wrong'),
    await fromFile('lacking'),
    { name: 'secret', address: fleet.address, tokenSource: 'secret' },
    { name: 'prompt', address: fleet.address, tokenSource: 'prompt' },
    {
      name: 'guarded',
      address: await guard(fleet),
      tokenSource: 'environment',
      basicAuthUser: 'me',
    },
    { name: 'far', address: `http://${FAR}:8500`, tokenSource: 'environment' },
    { name: 'nowhere', address: '127.0.0.1:1', tokenSource: 'secret' },
  ];
  proxy = await startForwardProxy(secrets.proxy, { [FAR]: fleet.agent('server-1').ip });
  return {
    settings: { 'consulExec.connections': connections },
    env: {
      CONSUL_HTTP_TOKEN: secrets.environment,
      ...probeEnvironment,
      HTTP_PROXY: proxy.url.replace('//', `//me:${secrets.proxy}@`),
    },
  };
}

const scenario = editorSession({
  name: 'secrets',
  files: { 'broken.sh': `echo ${MARK}\nexit 3\n` },
  settings: { 'consulExec.wait': '3s' },
  otherExtensions: async () => [await probeVsix()],
  startFleet: startAclFleet,
  token: MANAGEMENT,
  prepare,
});

/** Checks everything that the window shows or stores now. */
async function requireNoSecretInPage({ workbench }: Session): Promise<void> {
  assert.deepEqual(await tracesInPage(workbench.page, Object.values(secrets)), []);
}

/**
 * Runs the script on all three agents; web-02 doesn't run it.
 * @param answer enters the secret that is requested first
 */
async function runAndFail(session: Session, answer?: () => Promise<void>): Promise<void> {
  const { workbench, picks, runs } = session;
  await runs.open();
  const before = (await runs.all()).length;
  await workbench.openFile('broken.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await answer?.();
  await picks.run({ service: 'Any Service' });
  await eventually(async () => assert.equal((await runs.all()).length, before + 1));
  const run = await runs.ended('broken.sh');
  assert.match(run.words, /2 failed · 1 no response/);
  // The script's exit code. Running the export, which is opened later, would fail with another one.
  assert.match(run.nodes.get('web-01') ?? '', /^exited 3 /);
  await requireNoSecretInPage(session);
}

async function explainAndExport(session: Session): Promise<void> {
  const { workbench } = session;
  await session.runs.open();
  const row = /^broken\.sh/;
  await workbench.tree.waitFor(row);
  await workbench.tree.contextMenu(row, "Why Didn't It Respond?");
  await workbench.page
    .getByRole('tab', { name: /^Why .* Didn't Respond/ })
    .first()
    .waitFor();
  await workbench.tree.contextMenu(row, 'Export Run…');
  await workbench.quickPick.waitFor('Export Run');
  await workbench.quickPick.choose('JSON');
  await workbench.quickPick.waitFor('Export Run as JSON');
  // The suggested name begins with the script's, so Quick Open would find the export instead.
  await workbench.quickPick.typePath(join(session.workspaceFolder, 'exported.json'));
  await workbench.quickPick.accept();
  await workbench.notification(/Saved the run to exported\.json/);
  await requireNoSecretInPage(session);
}

scenario('a token of the environment runs jobs', async (session) => {
  await runAndFail(session);
});

scenario('a token of a file runs jobs', async (session) => {
  await useConnection(session, 'file');
  await runAndFail(session);
});

scenario('a token is saved in secret storage, and requested once', async (session) => {
  const { workbench } = session;
  await useConnection(session, 'secret');
  await workbench.runCommand('Consul Exec: Set Connection Token…');
  await workbench.quickPick.waitFor('ACL token for secret');
  await workbench.quickPick.type(secrets.secret);
  await session.screenshot('set-token');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await runAndFail(session);
  await explainAndExport(session);
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/secret works: .*Your token can run jobs\./);
  await requireNoSecretInPage(session);
});

scenario('a token that is requested for each run is used once', async (session) => {
  const { workbench } = session;
  const { quickPick } = workbench;
  await useConnection(session, 'prompt');
  const answer = async () => {
    await quickPick.waitFor('ACL token for prompt');
    assert.match(await quickPick.widget.innerText(), /The token is used once and isn't stored/);
    await quickPick.type(secrets.prompt);
    await quickPick.accept();
  };
  await runAndFail(session, answer);
  await runAndFail(session, answer);
});

scenario('a password is requested once, and saved as a token is', async (session) => {
  const { workbench } = session;
  const { quickPick } = workbench;
  await useConnection(session, 'guarded');
  await runAndFail(session, async () => {
    await quickPick.waitFor('Password of me for guarded');
    await quickPick.type('a wrong one');
    await quickPick.accept();
    await workbench.notification(/rejected the user name or password of this connection/);
    await requireNoSecretInPage(session);
    await workbench.runCommand('Consul Exec: Set Connection Password…');
    await quickPick.waitFor('Password of me for guarded');
    await quickPick.type(secrets.basic);
    await session.screenshot('set-password');
    await quickPick.accept();
    await quickPick.waitUntilClosed();
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  });
  await runAndFail(session);
});

scenario('only the proxy from the environment gets its password', async (session) => {
  await useConnection(session, 'far');
  await runAndFail(session);
  assert.ok(
    proxy?.requests.some((line) => line.startsWith(`PUT http://${FAR}:8500/v1/kv/_rexec/`)),
  );
});

scenario('the message about a wrong token does not show it', async (session) => {
  const { workbench } = session;
  await useConnection(session, 'wrong');
  await workbench.openFile('uptime.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await workbench.notification(/token/);
  await session.screenshot('wrong-token');
  await requireNoSecretInPage(session);
});

scenario('the message about an unreachable agent shows no token', async (session) => {
  const { workbench } = session;
  await useConnection(session, 'nowhere');
  await workbench.runCommand('Consul Exec: Set Connection Token…');
  await workbench.quickPick.waitFor('ACL token for nowhere');
  await workbench.quickPick.type(secrets.secret);
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/127\.0\.0\.1:1/);
  await requireNoSecretInPage(session);
});

scenario('a test names the permission a token lacks and shows the policy', async (session) => {
  const { workbench } = session;
  await useConnection(session, 'lacking');
  await workbench.runCommand('Consul Exec: Test Connection');
  const toast = await workbench.notification(
    /lacking responded, but your token lacks event:write on "_rexec"\./,
  );
  await session.screenshot('lacking');
  await toast.getByRole('button', { name: 'Show Required Policy' }).click();
  await eventually(async () => {
    const text = await workbench.editor.wholeText();
    assert.match(text, /event "_rexec" \{\s+policy = "write"/);
    assert.match(text, /session "server-1"/);
  });
  const { page } = workbench;
  // A report, not an unsaved file.
  await page.getByRole('tab', { name: /^ACL Policies for lacking\.hcl/ }).waitFor();
  const links = page.locator('.part.editor .codelens-decoration a', { hasText: 'Copy Policy' });
  await eventually(async () => assert.equal(await links.count(), 2));
  await session.screenshot('policy');
  await requireNoSecretInPage(session);
});

scenario('no answer to an assistant has a token or a password', async (session) => {
  const answers: string[] = [];
  const ask = async (name: string, input: object = {}) => {
    const answer = await probe.tool(name, input).catch((error: unknown) => ({ error }));
    answers.push(`${name} ${JSON.stringify(answer)} ${String((answer as Json)['error'])}`);
    return answer as Json;
  };
  for (const connection of ['file', 'guarded', 'far', 'lacking', 'wrong', 'prompt', 'nowhere']) {
    await useConnection(session, connection);
    await ask('list_targets');
    await ask('propose_run', { nodes: '*', script: 'id', reason: 'why' });
  }
  const list = await ask('list_runs');
  for (const { run } of list['runs'] as Json[]) {
    await ask('read_run', { run });
    const { nodes } = await ask('read_run', { run, section: 'nodes' });
    for (const { node } of nodes as Json[]) await ask('read_run', { run, section: 'output', node });
    await ask('read_run', { run, section: 'script' });
    await ask('search_run', { run, text: '.', regex: true });
    await ask('why_no_response', { run });
  }
  const whole = answers.join('\n');
  assert.match(whole, new RegExp(MARK));
  for (const [name, secret] of Object.entries(secrets)) assert.ok(!whole.includes(secret), name);
});

scenario('a removed secret is requested again, and no other', async (session) => {
  const { workbench, runs } = session;
  const { quickPick } = workbench;
  const remove = async (connection: string) => {
    await workbench.runCommand('Consul Exec: Remove Stored Secrets…');
    await quickPick.waitFor('Remove Stored Secrets');
    await quickPick.choose(connection);
    await workbench.notification(`Removed the stored secrets for ${connection}.`);
  };
  await remove('secret');
  await useConnection(session, 'secret');
  const before = (await runs.all()).length;
  await workbench.openFile('broken.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await quickPick.waitFor('ACL token for secret');
  await quickPick.escape();
  await useConnection(session, 'guarded');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/guarded works: Consul/);
  assert.equal((await runs.all()).length, before);
  await workbench.runCommand('Consul Exec: Remove Stored Secrets…');
  await quickPick.waitFor('Remove Stored Secrets');
  const labels = (await quickPick.items()).map((item) => item.split(',')[0]);
  assert.deepEqual(labels.toSorted(), ['guarded', 'nowhere']);
  await session.screenshot('remove-secrets');
  await quickPick.escape();
  await remove('guarded');
  await workbench.runCommand('Consul Exec: Test Connection');
  await quickPick.waitFor('Password of me for guarded');
  await quickPick.escape();
  await remove('nowhere');
  // VS Code shows no fourth notification within 800 ms: it only lists it.
  await workbench.page.waitForTimeout(1000);
  await workbench.runCommand('Consul Exec: Remove Stored Secrets…');
  await workbench.notification('No connection has a stored secret.');
});

/**
 * Searches all files. This server gives its windows a secret storage in memory; elsewhere VS Code
 * encrypts secrets with the system's key store or the server's key.
 */
scenario(
  'no token and no password is in any file, log, channel, database or on the screen',
  async (session) => {
    const { workbench, vscode, workspaceFolder } = session;
    await workbench.runCommand('Consul Exec: Show Log');
    await session.reload();
    const all = [...Object.values(secrets), MARK];
    // Includes the server's log, the installed extensions and the exported run.
    const serverFolder = dirname(vscode.serverDataDir);
    const inFiles = await tracesInFolder(serverFolder, all);
    const inWorkspace = await tracesInFolder(workspaceFolder, all);
    const isSecret = ({ text }: { readonly text: string }) => text !== MARK;
    assert.deepEqual([...inFiles, ...inWorkspace].filter(isSecret), []);
    await requireNoSecretInPage(session);
    // The same scan finds what runs leave: the history, the channels' files, the export.
    const marked = inFiles.filter((trace) => !isSecret(trace)).map(({ place }) => place);
    assert.ok(
      marked.some((place) => place.endsWith('/journal')),
      marked.join('\n'),
    );
    assert.ok(
      marked.some((place) => place.includes('output_')),
      marked.join('\n'),
    );
    assert.ok(inWorkspace.some(({ place }) => place.endsWith('.json')));
  },
);
