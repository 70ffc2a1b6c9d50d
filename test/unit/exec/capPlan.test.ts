import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CapPlan } from '../../../src/exec/cap/capPlan.ts';
import { OutputLimit } from '../../../src/exec/cap/outputLimit.ts';

const CHUNK = 4096;

/** An agent that writes chunks until one is fenced, as far as the plan can tell. */
class Agent {
  readonly name: string;
  readonly #plan: CapPlan;
  chunks = 0;
  bytes = 0;
  writes = 0;
  fence: number | undefined;

  constructor(plan: CapPlan, name = 'a') {
    this.#plan = plan;
    this.name = name;
    plan.began(name, 0);
  }

  get isCut(): boolean {
    return this.fence === this.chunks;
  }

  /** @returns whether its next chunk was not refused */
  write(bytes: number, now: number): boolean {
    if (this.isCut) return false;
    this.chunks++;
    this.bytes += bytes;
    this.#plan.wrote(this.name, bytes, now);
    return true;
  }

  static enforce(plan: CapPlan, agents: readonly Agent[], now: number): void {
    for (const move of plan.isDue ? plan.moves(now) : []) {
      const agent = agents.find(({ name }) => name === move.node);
      assert.ok(agent);
      assert.equal(move.from, agent.fence, 'a move starts where the fence is');
      if (move.to !== undefined) {
        assert.ok(move.to >= agent.chunks, 'a chunk that was written is not fenced');
      }
      agent.writes++;
      agent.fence = move.to;
      plan.moved(move);
    }
  }
}

function begin(perNode: number, perRun = 0, names = ['a']) {
  const limit = new OutputLimit({ perNode, perRun });
  const plan = new CapPlan(limit);
  limit.onRaised(() => plan.raised());
  const agents = names.map((name) => new Agent(plan, name));
  return { limit, plan, agents, agent: agents[0]! };
}

describe('where output is fenced', () => {
  test('a node that stays far from its limit has no fence', () => {
    const { plan, agents, agent } = begin(1000 * CHUNK);
    for (let i = 0; i < 240; i++) {
      agent.write(CHUNK, 10 * i);
      Agent.enforce(plan, agents, 10 * i);
    }
    // Slow, and no more than half.
    for (let i = 240; i < 500; i++) {
      agent.write(CHUNK, 100 * i);
      Agent.enforce(plan, agents, 100 * i);
    }
    assert.equal(agent.writes, 0);
  });

  test('whole chunks are cut exactly at the limit, by one fence', () => {
    const { plan, agents, agent } = begin(1000 * CHUNK);
    for (let i = 0; i < 2000; i++) {
      agent.write(CHUNK, 20 * i);
      Agent.enforce(plan, agents, 20 * i);
    }
    assert.equal(agent.bytes, 1000 * CHUNK);
    assert.equal(agent.writes, 1);
    assert.ok(plan.isAtFence('a'));
  });

  test('a fast node is fenced before it is near', () => {
    const { plan, agents, agent } = begin(1000 * CHUNK);
    for (let i = 0; i < 300; i++) agent.write(CHUNK, i);
    Agent.enforce(plan, agents, 300);
    assert.equal(agent.fence, 1000);
  });

  test('heartbeats near the limit never cut a node, and seldom move its fence', () => {
    const { plan, agents, agent } = begin(100 * CHUNK);
    for (let i = 0; i < 99; i++) agent.write(CHUNK, 20 * i);
    Agent.enforce(plan, agents, 2000);
    for (let i = 0; i < 5000; i++) {
      assert.ok(agent.write(0, 2000 * i), `heartbeat ${i}`);
      Agent.enforce(plan, agents, 2000 * i);
    }
    assert.ok(agent.writes < 1000, String(agent.writes));
    // What remains of the limit is still there, with at most what the fence had to spare.
    for (let i = 0; i < 50 && agent.write(CHUNK, 1e8 + i); i++)
      Agent.enforce(plan, agents, 1e8 + i);
    assert.ok(agent.isCut);
    assert.ok(agent.bytes >= 100 * CHUNK && agent.bytes <= 108 * CHUNK, String(agent.bytes));
  });

  test('what a listing shows counts before it is read', () => {
    const { plan, agents, agent } = begin(1000 * CHUNK);
    plan.listed(0);
    plan.saw('a', 30, 100);
    Agent.enforce(plan, agents, 100);
    assert.equal(agent.fence, undefined);
    // Reading takes long here: until the next listing, the node can come far.
    plan.listed(10_000);
    plan.saw('a', 500, 10_000);
    Agent.enforce(plan, agents, 10_000);
    assert.equal(agent.fence, 1000);
  });

  test('a burst after a long quiet time is not cut far below the limit', () => {
    const { plan, agents, agent } = begin(1000 * CHUNK);
    const write = (bytes: number, now: number) => {
      const went = agent.write(bytes, now);
      Agent.enforce(plan, agents, now);
      return went;
    };
    for (let i = 0; i < 850; i++) write(CHUNK, 20 * i);
    for (let i = 0; i < 5000; i++) assert.ok(write(0, 20_000 + 2000 * i));
    // Too fast for the fence to move meanwhile.
    while (agent.write(CHUNK, 1e8));
    assert.ok(Math.abs(agent.bytes - 1000 * CHUNK) <= 8 * CHUNK, String(agent.bytes / CHUNK));
    assert.ok(agent.writes <= 1 + 5000 / 8, String(agent.writes));
  });

  test('whatever a node writes, it is cut between its limit and 12 chunks more', () => {
    const size = fc.oneof(fc.constant(0), fc.constant(CHUNK), fc.integer({ min: 1, max: CHUNK }));
    fc.assert(
      fc.property(fc.array(size, { minLength: 400, maxLength: 1200 }), (sizes) => {
        const { plan, agents, agent } = begin(100 * CHUNK);
        let now = 0;
        for (const bytes of sizes) {
          // Short chunks come after a pause (PROTOCOL.md §2.3).
          now += bytes === CHUNK ? 5 : 600;
          if (!agent.write(bytes, now)) break;
          Agent.enforce(plan, agents, now);
        }
        if (agent.isCut) assert.ok(agent.bytes >= 100 * CHUNK - CHUNK, String(agent.bytes));
        assert.ok(agent.bytes <= 112 * CHUNK, String(agent.bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('near the limit of the run, every node gets a share of the rest', () => {
    const names = ['a', 'b', 'c', 'd'];
    const { plan, agents } = begin(0, 1000 * CHUNK, names);
    for (let i = 0; i < 1000; i++) {
      // One of them is quiet, and keeps its heartbeats.
      for (const agent of agents) {
        const isQuiet = agent.name === 'd';
        if (isQuiet && i % 10 > 0) continue;
        const went = agent.write(isQuiet ? 0 : CHUNK, 20 * i);
        assert.ok(went || !isQuiet, `heartbeat at ${i}`);
      }
      Agent.enforce(plan, agents, 20 * i);
    }
    const total = agents.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(total <= 1000 * CHUNK && total > 800 * CHUNK, String(total / CHUNK));
    assert.deepEqual(
      agents.map(({ isCut }) => isCut),
      [true, true, true, false],
    );
  });

  test('raising moves a fence that the node has not come to, and removing the limit frees it', () => {
    const { limit, plan, agents, agent } = begin(100 * CHUNK);
    for (let i = 0; i < 90; i++) agent.write(CHUNK, 20 * i);
    Agent.enforce(plan, agents, 2000);
    assert.equal(agent.fence, 100);
    limit.raise({ perNode: 200 * CHUNK, perRun: 0 });
    Agent.enforce(plan, agents, 2001);
    assert.equal(agent.fence, 200);
    limit.raise({ perNode: 0, perRun: 0 });
    Agent.enforce(plan, agents, 2002);
    assert.equal(agent.fence, undefined);
    assert.ok(!plan.isDue);
  });

  test('a node that was refused before the fence moved counts as cut', () => {
    const { limit, plan, agents, agent } = begin(100 * CHUNK);
    for (let i = 0; i < 100; i++) {
      agent.write(CHUNK, 20 * i);
      Agent.enforce(plan, agents, 20 * i);
    }
    limit.raise({ perNode: 200 * CHUNK, perRun: 0 });
    Agent.enforce(plan, agents, 2001);
    assert.ok(plan.isAtFence('a'));
    agent.write(CHUNK, 2002);
    assert.ok(!plan.isAtFence('a'));
  });

  test('fences that are found again after a reload stay where they are', () => {
    const { plan, agents, agent } = begin(100 * CHUNK);
    plan.found('a', 104, true, 0);
    agent.fence = 104;
    for (let i = 0; i < 200; i++) {
      if (!agent.write(CHUNK, i)) break;
      Agent.enforce(plan, agents, i);
    }
    assert.equal(agent.chunks, 104);
    assert.equal(agent.writes, 0);
    assert.ok(plan.isAtFence('a'));
  });

  test('lost fences are placed again', () => {
    const { plan, agents, agent } = begin(100 * CHUNK);
    for (let i = 0; i < 90; i++) agent.write(CHUNK, 20 * i);
    Agent.enforce(plan, agents, 2000);
    plan.lostFences();
    agent.fence = undefined;
    Agent.enforce(plan, agents, 2001);
    assert.equal(agent.fence, 100);
  });
});
