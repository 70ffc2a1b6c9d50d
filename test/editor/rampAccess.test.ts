import assert from 'node:assert/strict';
import { userPolicy } from '../../src/exec/access/policy.ts';
import { createToken, MANAGEMENT, startAclFleet } from './support/aclFleet.ts';
import { editorSession } from './support/session.ts';

const SUBJECT = { prefix: '_rexec', sessionNode: 'server-1', agentNode: 'server-1' };
let token = '';

const scenario = editorSession({
  name: 'ramp-access',
  startFleet: startAclFleet,
  token: MANAGEMENT,
  files: { 'deploy.sh': 'echo deployed\n' },
  settings: { 'consulExec.wait': '5s' },
  prepare: async (fleet) => {
    token = await createToken(fleet, userPolicy(SUBJECT));
    return { env: { CONSUL_HTTP_TOKEN: token } };
  },
});

scenario('a token that is revoked between the steps pauses them', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  const { quickPick } = workbench;
  await runs.open();
  await workbench.openFile('deploy.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'Any Service', nodes: ['web-01', 'web-02'] });
  await picks.startInSteps();
  await quickPick.choose('Steps on Their Own…');
  await quickPick.waitFor('Run in Steps on Their Own');
  await quickPick.choose('1 node, then 1');
  await quickPick.choose('Continue with This Rule');
  await workbench.dialog.press('Run in 2 Steps');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  const headers = { 'x-consul-token': MANAGEMENT };
  const self = await fetch(`${fleet.address}/v1/acl/token/self`, {
    headers: { 'x-consul-token': token },
  });
  const { AccessorID: id } = (await self.json()) as { AccessorID: string };
  await fetch(`${fleet.address}/v1/acl/token/${id}`, { method: 'DELETE', headers });
  await workbench.notification(/Paused after step 1 of 2: .*token/);
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 1 of 2 · paused/));
  await session.screenshot('revoked');
  assert.equal((await runs.all()).length, 1);
});
