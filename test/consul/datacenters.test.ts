import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { NoPathError } from '../../src/consul/datacenterErrors.ts';
import { findSessionNode, listDatacenters } from '../../src/consul/datacenters.ts';
import { ConsulError, ServerError } from '../../src/consul/errors.ts';
import { readInventory } from '../../src/consul/inventory.ts';
import { listKeys } from '../../src/consul/kv.ts';
import { Detach } from '../../src/exec/detach.ts';
import { resumeRun, sessionsOf } from '../../src/exec/resumeRun.ts';
import { type RunPart, runEverywhere } from '../../src/exec/runEverywhere.ts';
import { runJob } from '../../src/exec/runJob.ts';
import { Resumption } from '../../src/runs/resumption.ts';
import { Run } from '../../src/runs/run.ts';
import { summarize } from '../../src/runs/wording.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { sampleInfo } from '../unit/runs/sampleRun.ts';
import { commandOn, gather } from '../support/runToEnd.ts';

/** Each datacenter has a node of this name, as real ones do. */
const NODE = 'web-01';
const BOTH = ['dc1', 'dc2'];

describe('two federated datacenters', () => {
  let one: Fleet;
  let two: Fleet;
  let consul: Consul;
  let server: string | undefined;

  before(async () => {
    one = await startFleet({ clients: [{ name: NODE }] });
    two = await startFleet({
      datacenter: 'dc2',
      servers: [{ name: 'server-2', config: { retry_join_wan: [one.agent('server-1').ip] } }],
      clients: [{ name: NODE }],
    });
    // A client's agent, as most users have it.
    consul = new Consul({ endpoint: parseAddress(one.agent(NODE).httpAddress) });
    server = await untilFederated();
  });

  after(async () => {
    await consul.close();
    await two.stop();
    await one.stop();
  });

  async function untilFederated(): Promise<string | undefined> {
    for (;;) {
      try {
        return await findSessionNode(consul.in('dc2'), 'dc1');
      } catch (error) {
        if (!(error instanceof ConsulError)) throw error;
        await sleep(200);
      }
    }
  }

  const request = (datacenter: string, text: string, nodes = [NODE]) =>
    commandOn(nodes, text, { sessionNode: datacenter === 'dc2' ? server : undefined });

  const parts = (text: string): RunPart[] =>
    BOTH.map((datacenter) => ({
      datacenter,
      consul: consul.in(datacenter),
      request: request(datacenter, text),
    }));

  async function requireNothingLeft(): Promise<void> {
    for (const datacenter of BOTH) {
      const there = consul.in(datacenter);
      assert.equal((await listKeys(there, '_rexec/')).slices, undefined);
      const sessions = await there.json({ method: 'GET', path: '/v1/session/list' });
      assert.deepEqual(sessions, [], datacenter);
    }
  }

  test('are listed, and a server of the foreign one is found', async () => {
    assert.deepEqual([...(await listDatacenters(consul))].sort(), BOTH);
    assert.equal(server, 'server-2');
    assert.equal(await findSessionNode(consul.in('dc1'), 'dc1'), undefined);
    assert.equal(await findSessionNode(consul, 'dc1'), undefined);
    await assert.rejects(findSessionNode(consul.in('dc9'), 'dc1'), NoPathError);
  });

  test('each has a catalog of its own', async () => {
    const nodes = await readInventory(consul.in('dc2'));
    assert.deepEqual(nodes.map(({ name }) => name).sort(), ['server-2', NODE]);
  });

  test('a run in the foreign one', async () => {
    const run = runJob(consul.in('dc2'), request('dc2', 'echo "$PWD"'));
    const { ledger, output } = await gather(run);
    assert.equal(ledger.succeeded, true, ledger.reason);
    assert.equal(output.get(NODE)?.trim(), two.agent(NODE).workFolder);
    await requireNothingLeft();
  });

  test('a run there with its session on our own agent’s node is refused', async () => {
    const { options, ...rest } = request('dc2', 'true');
    const bare = { ...rest, options: { ...options, sessionNode: undefined } };
    const viaServer = new Consul({ endpoint: parseAddress(one.address) }, 'dc2');
    // The agent’s node, server-1, is none of dc2’s.
    await assert.rejects(gather(runJob(viaServer, bare)), ServerError);
    await viaServer.close();
    await requireNothingLeft();
  });

  test('one run over both keeps nodes of the same name apart', async () => {
    const { ledger, output, events } = await gather(runEverywhere(parts('echo "$PWD"')));
    assert.equal(ledger.succeeded, true, ledger.reason);
    assert.deepEqual(
      [...ledger.nodes].map(({ node }) => node),
      ['web-01@dc1', 'web-01@dc2'],
    );
    assert.equal(output.get('web-01@dc1')?.trim(), one.agent(NODE).workFolder);
    assert.equal(output.get('web-01@dc2')?.trim(), two.agent(NODE).workFolder);
    const kinds = events.map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'started').length, 1);
    assert.equal(kinds.filter((kind) => kind === 'finished').length, 1);
    assert.equal(kinds.at(-1), 'finished');
    const announced = events.filter((event) => event.kind === 'announced');
    assert.deepEqual(
      announced.map(({ number, of }) => [number, of]),
      [
        [1, 2],
        [2, 2],
      ],
    );
    assert.match(summarize(ledger), /^2 ok\n/);
    await requireNothingLeft();
  });

  test('over one datacenter names stay as they are', async () => {
    const { ledger } = await gather(runEverywhere(parts('true').slice(1)));
    assert.deepEqual(
      [...ledger.nodes].map(({ node }) => node),
      [NODE],
    );
    assert.equal(ledger.succeeded, true);
  });

  test('the worst end of a part is the end of the run', async () => {
    const [first, second] = parts('true');
    assert.ok(first && second);
    const nobody = { ...second, request: request('dc2', 'true', ['nobody']) };
    const { options, ...rest } = nobody.request;
    const impatient = { ...nobody, request: { ...rest, options: { ...options, quietMs: 300 } } };
    const { ledger } = await gather(runEverywhere([first, impatient]));
    assert.equal(ledger.end, 'quiet');
    assert.equal(ledger.get('nobody@dc2')?.state, 'silent');
    assert.equal(ledger.get('web-01@dc1')?.code, 0);
  });

  test('picked up after a reload, a part that was through stays as it ended', async () => {
    const [first, second] = parts('sleep 4; echo done');
    assert.ok(first && second);
    const nobody = request('dc1', 'true', ['nobody']);
    const impatient = { ...nobody, options: { ...nobody.options, quietMs: 300 } };
    const leaving = new AbortController();
    const run = new Run(
      sampleInfo({ targets: ['nobody@dc1', 'web-01@dc2'], datacenter: 'dc1, dc2' }),
    );
    const events = runEverywhere([{ ...first, request: impatient }, second], leaving.signal);
    const isFirstThrough = () =>
      run.ledger.partEnds.length === 1 && run.ledger.get('web-01@dc2')?.state !== 'expected';
    for await (const event of events) {
      run.apply(event);
      if (isFirstThrough()) leaving.abort(new Detach());
    }
    assert.equal(run.ledger.end, undefined);
    assert.deepEqual(run.ledger.get('nobody@dc1')?.state, 'silent');
    const { session, prefix, heartbeatMs } = run.session!;
    const rest = {
      datacenter: 'dc2',
      consul: consul.in('dc2'),
      session: sessionsOf(session, BOTH).get('dc2') ?? '',
      prefix,
      heartbeatMs,
      targets: [NODE],
      quietMs: 2000,
    };
    const resumption = new Resumption(run);
    for await (const event of resumeRun([rest], true, run.ledger.partEnds)) {
      const news = resumption.news(event);
      if (news) run.apply(news);
    }
    assert.equal(run.ledger.end, 'quiet');
    assert.equal(run.ledger.get('web-01@dc2')?.code, 0);
    await requireNothingLeft();
  });

  test('stopping it stops every part', async () => {
    const stop = new AbortController();
    const seen = new Set<string>();
    const events = [];
    for await (const event of runEverywhere(parts('echo up; sleep 3'), stop.signal)) {
      events.push(event);
      if (event.kind === 'acknowledged') seen.add(event.node);
      if (seen.size === 2) stop.abort();
    }
    const last = events.at(-1);
    assert.ok(last?.kind === 'finished');
    assert.equal(last.end, 'stopped');
    await requireNothingLeft();
  });

  test('leaving it early cleans up every part', async () => {
    for await (const event of runEverywhere(parts('sleep 3'))) {
      if (event.kind === 'acknowledged') break;
    }
    await requireNothingLeft();
  });

  test('when it cannot start in one datacenter it starts in none', async () => {
    const lost = { ...parts('true')[1]!, datacenter: 'dc9', consul: consul.in('dc9') };
    const marker = `touch started-by-mistake`;
    await assert.rejects(gather(runEverywhere([parts(marker)[0]!, lost])), NoPathError);
    await requireNothingLeft();
    const { output } = await gather(
      runJob(consul, request('dc1', 'ls started-by-mistake || true')),
    );
    assert.match(output.get(NODE) ?? '', /No such file/);
  });
});
