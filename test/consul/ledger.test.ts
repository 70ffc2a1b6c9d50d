import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { readSelf } from '../../src/consul/agent.ts';
import { isAtLeast } from '../../src/consul/version.ts';
import { type Member, readMembers } from '../../src/consul/catalog/members.ts';
import { examine } from '../../src/exec/doctor/examine.ts';
import type { Finding, NodeHistory } from '../../src/exec/doctor/finding.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { type NodeStatus, statusOf } from '../../src/runs/model/nodeStatus.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

const EVERYBODY = '^n-';
const options = { prefix: '_rexec', quietMs: 3000, replicationWaitMs: 0 };

/** Each node behaves as its name says. */
const SCRIPT = `
echo hello
echo run >> ran
case $ROLE in
  fails) exit 3 ;;
  killed | freezes) exec sleep 60 ;;
esac
`;

describe('the ledger of a run with real trouble', () => {
  let fleet: Fleet;
  let consul: Consul;
  const ledger = new Ledger();
  const roles = ['ok', 'ok2', 'fails', 'killed', 'freezes', 'frozen', 'left', 'dead', 'off'];
  const targets = roles.map((role) => `n-${role}`);

  before(async () => {
    fleet = await startFleet({
      clients: roles.map((role) => ({
        name: `n-${role}`,
        env: { ROLE: role },
        services: [{ id: `svc-${role}`, name: 'svc' }],
        remoteExec: role !== 'off',
      })),
    });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
    fleet.agent('n-frozen').freeze();
    await fleet.agent('n-left').stop();
    await fleet.agent('n-dead').kill();
    const trouble: Record<string, () => unknown> = {
      'n-killed': () => fleet.agent('n-killed').kill(),
      'n-freezes': () => fleet.agent('n-freezes').freeze(),
    };
    for await (const event of run(consul, targets)) {
      ledger.apply(event);
      if (event.kind === 'output') await trouble[event.node]?.();
    }
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('names exactly the right nodes in the right states', () => {
    assert.deepEqual(namesByStatus(ledger), {
      ok: ['n-ok', 'n-ok2'],
      failed: ['n-fails'],
      lost: ['n-freezes', 'n-killed'],
      noResponse: ['n-dead', 'n-frozen', 'n-left', 'n-off'],
    });
    assert.equal(ledger.get('n-fails')?.code, 3);
    assert.equal(ledger.succeeded, false);
    assert.equal(ledger.unexpected, 0);
    for (const node of ledger.nodes) {
      assert.equal(node.lastSign === undefined, node.state === 'noResponse', node.node);
    }
  });

  test('has a summary with every name, ready to paste', () => {
    const text = summarize(ledger);
    for (const name of targets) assert.ok(text.includes(name), text);
    assert.match(text, /1 failed · 2 lost · 4 no response · 2 ok/);
    assert.match(text, /n-fails \(exited 3\)/);
  });

  test('a frozen node that wakes up after the end does not run the job', async () => {
    fleet.agent('n-frozen').resume();
    await until(() => inGossip('n-frozen', 'alive'));
    await sleep(1000); // what it missed comes by gossip, if at all
    assert.ok(!existsSync(join(fleet.agent('n-frozen').workFolder, 'ran')));
    fleet.agent('n-frozen').freeze();
  });

  test('the doctor finds nodes that left or failed, and what only the node can know', async () => {
    await until(() => inGossip('n-dead', 'failed'));
    await until(() => inGossip('n-frozen', 'failed'));
    const history = new Map<string, NodeHistory>([
      ['n-off', { targeted: 3, responded: 0 }],
      ['n-ok', { targeted: 3, responded: 3 }],
    ]);
    const ask = async (...unresponsive: string[]) =>
      verdicts(
        await examine({
          consul,
          prefix: '_rexec',
          announcements: [{ node: EVERYBODY, service: '^svc-' }],
          unresponsive,
          history,
        }),
      );
    const { limits, ...findings } = await ask('n-off');
    // Only newer servers can limit requests.
    const self = await readSelf(consul);
    assert.equal(limits !== undefined, isAtLeast(self?.version ?? '', '1.15.0'));
    assert.deepEqual(findings, {
      gossip: 'ok: Its serfHealth check passes.',
      filters: 'ok: By node name and service ID: svc-off.',
      permissions: 'ok: ACLs are off: everything is allowed.',
      remoteExec: 'unknown',
      agentToken: 'ok: ACLs are off on the agent you connect to.',
      history: 'problem: No response in up to 3 runs. Other nodes that always responded: 1.',
    });
    const left = await ask('n-left');
    assert.equal(left['gossip'], 'problem: Left the cluster: n-left.');
    const many = await ask('n-dead', 'n-frozen', 'n-off');
    assert.match(many['gossip'] ?? '', /^problem: Failed in gossip: n-dead, n-frozen\.$/);
  });

  test('the contacted agent says that its own remote exec is off', async () => {
    const own = new Consul({ endpoint: parseAddress(fleet.agent('n-off').httpAddress) });
    try {
      const findings = await examine({
        consul: own,
        prefix: '_rexec',
        announcements: [{ node: '^n-off$' }],
        unresponsive: ['n-off'],
        history: new Map(),
      });
      assert.deepEqual([findings[0]?.check, findings[0]?.verdict], ['ownAgent', 'problem']);
      assert.match(findings[0]?.advice ?? '', /disable_remote_exec = false/);
      assert.ok(!findings.some(({ check }) => check === 'remoteExec'));
    } finally {
      await own.close();
    }
  });

  async function inGossip(name: string, status: Member['status']): Promise<boolean> {
    return (await readMembers(consul)).some((one) => one.name === name && one.status === status);
  }
});

describe('the ledger on a server with ACLs', () => {
  const management = '8f1f9a8e-0c36-4f0c-9a5e-1f6f3a1f0a01';
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({
      clients: ['n-able', 'n-readonly', 'n-barred'].map((name) => ({ name })),
      token: management,
      config: {
        acl: {
          enabled: true,
          default_policy: 'deny',
          tokens: { master: management, default: management },
        },
      },
    });
    consul = new Consul({ endpoint: parseAddress(fleet.address), token: management });
    await limitAgent(
      'n-able',
      'node_prefix "" {policy="write"} key_prefix "_rexec/" {policy="write"}',
    );
    await limitAgent(
      'n-readonly',
      'node_prefix "" {policy="write"} key_prefix "_rexec/" {policy="read"}',
    );
    await limitAgent('n-barred', 'node_prefix "" {policy="write"}');
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('agents whose token lacks key:write do not respond, and have not run the job', async () => {
    const ledger = new Ledger();
    const targets = ['n-able', 'n-readonly', 'n-barred'];
    for await (const event of run(consul, targets)) ledger.apply(event);
    assert.deepEqual(namesByStatus(ledger), {
      ok: ['n-able'],
      noResponse: ['n-barred', 'n-readonly'],
    });
    for (const name of targets) {
      assert.equal(existsSync(join(fleet.agent(name).workFolder, 'ran')), name === 'n-able');
    }
  });

  test("the doctor names the agents' tokens as a likely cause, with the rule", async () => {
    const findings = await examine(ofBarred(consul));
    const others = findings.filter(({ check }) => check !== 'limits');
    assert.deepEqual(
      others.map(({ check, verdict }) => `${check} ${verdict}`),
      [
        'gossip ok',
        'filters ok',
        'permissions ok',
        'remoteExec unknown',
        'agentToken unknown',
        'history unknown',
      ],
    );
    assert.match(findings[4]?.summary ?? '', /n-barred may lack key:write on "_rexec\/"/);
  });

  test('the doctor names what our own token lacks, and what it therefore cannot see', async () => {
    const secret = await makeToken(
      'node_prefix "" {policy="read"} event "_rexec" {policy="write"}',
    );
    const weak = new Consul({ endpoint: parseAddress(fleet.address), token: secret });
    const stranger = new Consul({
      endpoint: parseAddress(fleet.address),
      token: '11111111-2222-4333-8444-555555555555',
    });
    try {
      // The token may not even read the agent's name, so the session's node is told.
      const examination = { ...ofBarred(weak), sessionNode: 'server-1' };
      const permissions = (await examine(examination)).find(({ check }) => check === 'permissions');
      assert.equal(permissions?.verdict, 'problem');
      assert.match(permissions.summary, /key:write on "_rexec\/", session:write on "server-1"/);
      assert.doesNotMatch(permissions.summary, /event/);
      await assert.rejects(examine(ofBarred(stranger)), { name: 'UnknownTokenError' });
    } finally {
      await weak.close();
      await stranger.close();
    }
  });

  async function makeToken(rules: string): Promise<string> {
    const name = `p-${Math.random().toString(36).slice(2)}`;
    await put('/v1/acl/policy', { Name: name, Rules: rules });
    const made = (await put('/v1/acl/token', { Policies: [{ Name: name }] })) as {
      SecretID: string;
    };
    return made.SecretID;
  }

  async function limitAgent(name: string, rules: string): Promise<void> {
    const { httpAddress } = fleet.agent(name);
    await put('/v1/agent/token/agent', { Token: await makeToken(rules) }, httpAddress);
  }

  async function put(path: string, body: unknown, address = fleet.address): Promise<unknown> {
    const response = await fetch(address + path, {
      method: 'PUT',
      headers: { 'x-consul-token': management },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
});

function ofBarred(consul: Consul) {
  return {
    consul,
    prefix: '_rexec',
    announcements: [{ node: EVERYBODY }],
    unresponsive: ['n-barred'],
    history: new Map(),
  };
}

function run(consul: Consul, targets: readonly string[]): AsyncIterable<RunEvent> {
  const job = { kind: 'script' as const, text: SCRIPT };
  return runJob(consul, { job, announcements: [{ node: EVERYBODY }], targets, options });
}

/** Names by status, sorted; a status without nodes is left out. */
function namesByStatus(ledger: Ledger): Partial<Record<NodeStatus, string[]>> {
  const sorted = [...ledger.nodes].sort((a, b) => (a.node < b.node ? -1 : 1));
  const groups = Map.groupBy(sorted, statusOf);
  return Object.fromEntries(
    [...groups].map(([status, nodes]) => [status, nodes.map(({ node }) => node)]),
  );
}

/** Verdicts by check, with the evidence unless it is unknown. */
function verdicts(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(
    findings.map(({ check, verdict, evidence }) => [
      check,
      verdict === 'unknown' ? verdict : `${verdict}: ${evidence}`,
    ]),
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 300; round++) {
    if (await condition()) return;
    await sleep(50);
  }
  assert.fail('it did not come about in 15 seconds');
}
