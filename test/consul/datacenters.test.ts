import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { readSelf } from '../../src/consul/agent.ts';
import { ForeignSessionError, NoPathError } from '../../src/consul/errors/datacenterErrors.ts';
import {
  allowsForeignSessions,
  findSessionNode,
  foreignSessionNode,
  listDatacenters,
} from '../../src/consul/catalog/datacenters.ts';
import { ConsulError, ServerError } from '../../src/consul/errors/consulErrors.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import { listKeys } from '../../src/consul/kv.ts';
import { Detach } from '../../src/exec/run/detach.ts';
import { resumeRun } from '../../src/exec/run/resumeRun.ts';
import { type RunPart, runInDatacenters } from '../../src/exec/run/runInDatacenters.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Resumption } from '../../src/runs/history/resumption.ts';
import { Run } from '../../src/runs/run.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { PROFILES, startNewerConsul } from '../fleet/newerConsul.ts';
import { sampleInfo } from '../unit/runs/sampleRun.ts';
import { commandOn, gather } from '../support/runToEnd.ts';

/** Each datacenter has a node of this name, as real ones do. */
const NODE = 'web-01';
/** The contacted agent. */
const SELF = { datacenter: 'dc1', nodeName: 'server-1', isServer: true, version: '1.8.7' };
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
    // A client agent, which most users connect to, unless it refuses sessions in other datacenters.
    consul = new Consul({ endpoint: parseAddress(one.agent(NODE).httpAddress) });
    const self = await readSelf(consul);
    if (self && !allowsForeignSessions(self)) {
      await assert.rejects(foreignSessionNode(consul.in('dc2'), self), ForeignSessionError);
      await consul.close();
      consul = new Consul({ endpoint: parseAddress(one.address) });
    }
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
        return await findSessionNode(consul.in('dc2'), SELF);
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

  test('are listed, and servers of both are found', async () => {
    assert.deepEqual([...(await listDatacenters(consul))].sort(), BOTH);
    assert.equal(server, 'server-2');
    assert.equal(await foreignSessionNode(consul.in('dc1'), SELF), undefined);
    assert.equal(await foreignSessionNode(consul, SELF), undefined);
    assert.equal(await findSessionNode(consul, SELF), 'server-1');
    await assert.rejects(findSessionNode(consul.in('dc9'), SELF), NoPathError);
  });

  test('a newer client agent refuses before the review, and a newer server works', async () => {
    for (const [version, profile] of Object.entries(PROFILES)) {
      for (const isServer of [false, true]) {
        const agent = isServer ? one.agent('server-1') : one.agent(NODE);
        const { httpAddress: address, ip } = agent;
        const place = { address, ip, isServer, datacenter: 'dc1', hasAcls: false };
        const newer = await startNewerConsul(place, profile);
        const through = new Consul({ endpoint: parseAddress(newer.address) }, 'dc2');
        try {
          const self = await readSelf(through);
          assert.equal(self?.version, version);
          assert.equal(self.maxWritesPerSecond, version === '2.1.0' ? 1000 : Infinity);
          if (isServer) {
            assert.equal(await foreignSessionNode(through, self), 'server-2');
            const { ledger } = await gather(runJob(through, request('dc2', 'true')));
            assert.equal(ledger.succeeded, true, ledger.reason);
          } else {
            await assert.rejects(foreignSessionNode(through, self), ForeignSessionError);
            // A client that the review could not ask says it itself.
            await assert.rejects(gather(runJob(through, request('dc2', 'true'))), {
              name: 'ForeignSessionError',
            });
          }
        } finally {
          await through.close();
          newer.close();
        }
        await requireNothingLeft();
      }
    }
  });

  test('each has its own catalog', async () => {
    const nodes = await readInventory(consul.in('dc2'));
    assert.deepEqual(nodes.map(({ name }) => name).sort(), ['server-2', NODE]);
  });

  test('a run in the other datacenter', async () => {
    const run = runJob(consul.in('dc2'), request('dc2', 'echo "$PWD"'));
    const { ledger, output } = await gather(run);
    assert.equal(ledger.succeeded, true, ledger.reason);
    assert.equal(output.get(NODE)?.trim(), two.agent(NODE).workFolder);
    await requireNothingLeft();
  });

  test("a run there with a session on the contacted agent's node is refused", async () => {
    const { options, ...rest } = request('dc2', 'true');
    const bare = { ...rest, options: { ...options, sessionNode: undefined } };
    const viaServer = new Consul({ endpoint: parseAddress(one.address) }, 'dc2');
    // The agent's node, server-1, isn't in dc2.
    await assert.rejects(gather(runJob(viaServer, bare)), ServerError);
    await viaServer.close();
    await requireNothingLeft();
  });

  test('one run over both distinguishes nodes with the same name', async () => {
    const { ledger, output, events } = await gather(runInDatacenters(parts('echo "$PWD"')));
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

  test('a run over one datacenter uses plain node names', async () => {
    const { ledger } = await gather(runInDatacenters(parts('true').slice(1)));
    assert.deepEqual(
      [...ledger.nodes].map(({ node }) => node),
      [NODE],
    );
    assert.equal(ledger.succeeded, true);
  });

  test('a run ends like its worst part', async () => {
    const [first, second] = parts('true');
    assert.ok(first && second);
    const nobody = { ...second, request: request('dc2', 'true', ['nobody']) };
    const { options, ...rest } = nobody.request;
    const impatient = { ...nobody, request: { ...rest, options: { ...options, quietMs: 300 } } };
    const { ledger } = await gather(runInDatacenters([first, impatient]));
    assert.equal(ledger.end, 'quiet');
    assert.equal(ledger.get('nobody@dc2')?.state, 'noResponse');
    assert.equal(ledger.get('web-01@dc1')?.code, 0);
  });

  test('after a reload, a finished part keeps its end', async () => {
    const [first, second] = parts('sleep 4; echo done');
    assert.ok(first && second);
    const nobody = request('dc1', 'true', ['nobody']);
    const impatient = { ...nobody, options: { ...nobody.options, quietMs: 300 } };
    const leaving = new AbortController();
    const run = new Run(sampleInfo({ targets: ['nobody@dc1', 'web-01@dc2'], datacenters: BOTH }));
    const events = runInDatacenters([{ ...first, request: impatient }, second], leaving.signal);
    const isFirstThrough = () =>
      run.ledger.partEnds.length === 1 && run.ledger.get('web-01@dc2')?.state !== 'expected';
    for await (const event of events) {
      run.apply(event);
      if (isFirstThrough()) leaving.abort(new Detach());
    }
    assert.equal(run.ledger.end, undefined);
    assert.deepEqual(run.ledger.get('nobody@dc1')?.state, 'noResponse');
    const { sessions, prefix, heartbeatMs } = run.session!;
    const session = sessions.find(({ datacenter }) => datacenter === 'dc2')?.session ?? '';
    const rest = {
      datacenter: 'dc2',
      consul: consul.in('dc2'),
      attempts: [{ session, nodes: [] }],
      job: run.info.job,
      fenced: [],
      keepers: run.ledger.attempts.keepers('dc2'),
      prefix,
      heartbeatMs,
      targets: [NODE],
      quietMs: 2000,
    };
    const resumption = new Resumption(run);
    for await (const event of resumeRun([rest], run.ledger.partEnds)) {
      const news = resumption.newPart(event);
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
    for await (const event of runInDatacenters(parts('echo up; sleep 3'), stop.signal)) {
      events.push(event);
      if (event.kind === 'acknowledged') seen.add(event.node);
      if (seen.size === 2) stop.abort();
    }
    const last = events.at(-1);
    assert.ok(last?.kind === 'finished');
    assert.equal(last.end, 'stopped');
    await requireNothingLeft();
  });

  test('leaving early cleans up every part', async () => {
    for await (const event of runInDatacenters(parts('sleep 3'))) {
      if (event.kind === 'acknowledged') break;
    }
    await requireNothingLeft();
  });

  test("a run that can't start in one datacenter starts in none", async () => {
    const lost = { ...parts('true')[1]!, datacenter: 'dc9', consul: consul.in('dc9') };
    const marker = `touch started-by-mistake`;
    await assert.rejects(gather(runInDatacenters([parts(marker)[0]!, lost])), NoPathError);
    await requireNothingLeft();
    const { output } = await gather(
      runJob(consul, request('dc1', 'ls started-by-mistake || true')),
    );
    assert.match(output.get(NODE) ?? '', /No such file/);
  });
});
