import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AgentSelf } from '../../../src/consul/agent.ts';
import type { CatalogNode } from '../../../src/consul/catalog/catalogNode.ts';
import { filtersFinding } from '../../../src/exec/doctor/filtersFinding.ts';
import type { NodeHistory } from '../../../src/exec/doctor/finding.ts';
import { gossipFinding } from '../../../src/exec/doctor/gossipFinding.ts';
import { historyFinding } from '../../../src/exec/doctor/historyFinding.ts';
import { limitsFinding } from '../../../src/exec/doctor/limitsFinding.ts';
import { agentTokenFinding, remoteExecFinding } from '../../../src/exec/doctor/likelyCauses.ts';
import { ownAgentFinding } from '../../../src/exec/doctor/ownAgentFinding.ts';

const self: AgentSelf = {
  datacenter: 'dc1',
  nodeName: 'a',
  version: '1.8.7',
  isServer: false,
  remoteExecDisabled: true,
};

function node(name: string, gossip: CatalogNode['gossip'] = 'alive'): CatalogNode {
  return {
    name,
    address: '10.0.0.1',
    services: [{ id: `svc-${name}`, name: 'svc', tags: ['t'], kind: '' }],
    gossip,
    failing: [],
    isServer: false,
  };
}

describe('the connected agent', () => {
  test('with remote exec off is a hint if another node did not respond', () => {
    const finding = ownAgentFinding({ self }, ['b']);
    assert.equal(finding?.verdict, 'unknown');
    assert.equal(
      finding.summary,
      'Remote exec is off on a, the agent you connect to. b may be configured the same way.',
    );
    assert.match(
      ownAgentFinding({ self }, ['b', 'c'])?.summary ?? '',
      /The nodes with no response may be/,
    );
    const on = { ...self, remoteExecDisabled: false };
    assert.equal(ownAgentFinding({ self: on }, ['b']), undefined);
    assert.equal(
      ownAgentFinding({ self: { ...self, remoteExecDisabled: undefined } }, ['b']),
      undefined,
    );
  });

  test('reports its own setting if it did not respond', () => {
    assert.equal(ownAgentFinding({ self: undefined }, ['a']), undefined);
    assert.equal(ownAgentFinding({ self }, ['a'])?.verdict, 'problem');
    assert.equal(
      ownAgentFinding({ self: { ...self, remoteExecDisabled: false } }, ['a'])?.verdict,
      'ok',
    );
    const withoutSetting = { ...self, remoteExecDisabled: undefined };
    assert.equal(ownAgentFinding({ self: withoutSetting }, ['a'])?.verdict, 'unknown');
  });
});

describe('gossip', () => {
  const inventory = [node('alive'), node('failed', 'failed'), node('ext', 'absent')];
  const members = [
    { name: 'alive', status: 'alive', version: '1.8.7' },
    { name: 'failed', status: 'failed', version: '1.8.7' },
    { name: 'left', status: 'left', version: '1.8.7' },
  ] as const;

  for (const [unresponsive, verdict, evidence] of [
    [['alive'], 'ok', /serfHealth check passes/],
    [['failed'], 'problem', /^Failed in gossip: failed\.$/],
    [['left'], 'problem', /^Left the cluster: left\.$/],
    [['ext'], 'problem', /without an agent .*: ext\.$/],
    [['nowhere'], 'problem', /^No longer in the catalog: nowhere\.$/],
    [['alive', 'failed', 'left'], 'problem', /failed\. Left the cluster: left/],
  ] as const) {
    test(`${unresponsive.join(', ')}: ${verdict}`, () => {
      const finding = gossipFinding({ inventory, members }, unresponsive);
      assert.equal(finding.verdict, verdict);
      assert.match(finding.evidence, evidence);
    });
  }

  test('is unknown if neither the catalog nor the members are readable', () => {
    const finding = gossipFinding({ inventory: [], members: undefined }, ['a']);
    assert.equal(finding.verdict, 'unknown');
  });

  test('is unknown for a node that is not a member, if the catalog was not readable', () => {
    for (const unreadable of [undefined, []]) {
      const finding = gossipFinding({ inventory: unreadable, members }, ['nowhere']);
      assert.equal(finding.verdict, 'unknown');
    }
    const failed = gossipFinding({ inventory: undefined, members }, ['failed']);
    assert.equal(failed.verdict, 'problem');
  });
});

describe('an agent that lost contact', () => {
  const inventory = [node('alive'), node('failed', 'failed')];

  test('got the event, so only its present state counts', () => {
    const finding = gossipFinding({ inventory, members: [] }, ['failed'], 'output');
    assert.equal(finding.summary, "Gossip doesn't reach failed now.");
    assert.match(finding.advice ?? '', /can still be running/);
    const some = gossipFinding({ inventory, members: [] }, ['alive', 'failed'], 'output');
    assert.equal(some.summary, "Gossip doesn't reach some of these 2 nodes now.");
    assert.equal(gossipFinding({ inventory, members: [] }, ['alive'], 'output').verdict, 'ok');
  });
});

describe('limits of requests', () => {
  const server: AgentSelf = { ...self, version: '1.22.3', isServer: true };

  test('do not exist before 1.15', () => {
    assert.equal(limitsFinding(self), undefined);
    assert.equal(limitsFinding({ ...self, version: '1.14.11' }), undefined);
  });

  test('are not known from a client, or without the agent', () => {
    const client = { ...server, isServer: false, maxWritesPerSecond: Infinity };
    for (const unseen of [client, undefined, { ...server, maxWritesPerSecond: undefined }]) {
      const finding = limitsFinding(unseen);
      assert.equal(finding?.verdict, 'unknown');
      assert.equal(finding.summary, 'The servers may limit requests (limits.request_limits).');
    }
  });

  test('of the connected server are named', () => {
    assert.equal(limitsFinding({ ...server, maxWritesPerSecond: Infinity })?.verdict, 'ok');
    const finding = limitsFinding({ ...server, version: '1.15.0+ent', maxWritesPerSecond: 10 });
    assert.equal(finding?.verdict, 'unknown');
    assert.match(finding.summary, /refuses more than 10 writes per second/);
  });
});

describe('the filters of the run', () => {
  const inventory = [node('a'), node('b')];
  for (const [unresponsive, filters, verdict, evidence] of [
    [['a'], { node: '^a$' }, 'ok', 'By node name.'],
    [['a'], { service: 'svc' }, 'ok', 'By service ID: svc-a.'],
    [['a'], { node: 'a', service: 'svc' }, 'ok', 'By node name and service ID: svc-a.'],
    [['a'], {}, 'ok', 'Without filters, every node matches.'],
    [['a', 'b'], { service: 'svc', tag: 't' }, 'ok', 'By service ID: svc-a, svc-b.'],
  ] as const) {
    test(`${JSON.stringify(filters)} match ${unresponsive.join(', ')}`, () => {
      const finding = filtersFinding({ inventory }, unresponsive, [filters]);
      assert.deepEqual([finding.verdict, finding.evidence], [verdict, evidence]);
    });
  }

  test('that no longer match are a problem; one matching event is enough', () => {
    assert.equal(filtersFinding({ inventory }, ['a'], [{ node: 'b' }]).verdict, 'problem');
    assert.equal(
      filtersFinding({ inventory }, ['a'], [{ node: 'b' }, { node: 'a' }]).verdict,
      'ok',
    );
  });

  test('are unknown for a node that the catalog does not list', () => {
    assert.equal(filtersFinding({ inventory }, ['z'], [{ node: 'z' }]).verdict, 'unknown');
    const { summary, evidence } = filtersFinding({ inventory }, ['a', 'z'], [{ node: '^[az]$' }]);
    assert.equal(summary, 'The filters match a.');
    assert.equal(evidence, 'By node name. Not listed in the catalog: z.');
  });
});

describe('the filters of a run over several datacenters', () => {
  test('are unknown if the record has no filters for each datacenter', () => {
    const { verdict, summary } = filtersFinding({ inventory: [node('a')] }, ['a'], undefined);
    assert.deepEqual([verdict, summary], ['unknown', "Can't check whether the filters match a."]);
  });
});

describe('earlier runs', () => {
  const history = new Map<string, NodeHistory>([
    ['never', { targeted: 3, responded: 0 }],
    ['once', { targeted: 3, responded: 1 }],
    ...Array.from({ length: 40 }, (_, i) => [`ok-${i}`, { targeted: 3, responded: 3 }] as const),
  ]);

  test('make it likely that remote exec is off, if a node has never responded and others have', () => {
    const { verdict, summary, evidence } = historyFinding(['never'], history);
    assert.equal(verdict, 'problem');
    assert.match(summary, /^never has never responded, so remote exec is probably off/);
    assert.match(evidence, /3 runs\. Other nodes that always responded: 40/);
  });

  test('show a change if a node has responded before', () => {
    const { summary, evidence } = historyFinding(['once'], history);
    assert.match(summary, /these nodes responded: once/);
    assert.match(evidence, /1 of 3 runs/);
  });

  test('say nothing about a new node', () => {
    assert.equal(historyFinding(['new'], history).verdict, 'unknown');
  });
});

describe('what only the node can show', () => {
  test('comes with the exact line and rule to look for', () => {
    assert.match(remoteExecFinding(['a']).advice ?? '', /disable_remote_exec = false$/);
    assert.match(
      agentTokenFinding(['a'], 'my/prefix', true).summary,
      /key:write on "my\/prefix\/"/,
    );
    assert.equal(agentTokenFinding(['a'], '_rexec', false).verdict, 'ok');
  });

  test('shows hostile names safely', () => {
    const evil = 'a\u202e\u001b[31m';
    const findings = [
      remoteExecFinding([evil]),
      gossipFinding({ inventory: [node(evil, 'failed')], members: [] }, [evil]),
      filtersFinding({ inventory: [node(evil)] }, [evil], [{ service: 'svc' }]),
      historyFinding([evil], new Map([[evil, { targeted: 1, responded: 0 }]])),
    ];
    assert.doesNotMatch(JSON.stringify(findings), /\\u001b|\u202e/);
  });
});
