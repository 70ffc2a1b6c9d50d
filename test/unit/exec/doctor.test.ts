import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AgentSelf } from '../../../src/consul/agent.ts';
import type { CatalogNode } from '../../../src/consul/catalogNode.ts';
import { filtersFinding } from '../../../src/exec/doctor/filtersFinding.ts';
import type { NodeHistory } from '../../../src/exec/doctor/finding.ts';
import { gossipFinding } from '../../../src/exec/doctor/gossipFinding.ts';
import { historyFinding } from '../../../src/exec/doctor/historyFinding.ts';
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

describe('the agent we talk to', () => {
  test('having remote exec off is a hint where it is another that is silent', () => {
    const finding = ownAgentFinding({ self }, ['b']);
    assert.equal(finding?.verdict, 'unknown');
    assert.equal(
      finding.what,
      'a, the agent you talk to, has remote exec off; b may be configured like it.',
    );
    assert.match(ownAgentFinding({ self }, ['b', 'c'])?.what ?? '', /the silent nodes may be/);
    const on = { ...self, remoteExecDisabled: false };
    assert.equal(ownAgentFinding({ self: on }, ['b']), undefined);
    assert.equal(
      ownAgentFinding({ self: { ...self, remoteExecDisabled: undefined } }, ['b']),
      undefined,
    );
  });

  test('tells of itself when it is silent', () => {
    assert.equal(ownAgentFinding({ self: undefined }, ['a']), undefined);
    assert.equal(ownAgentFinding({ self }, ['a'])?.verdict, 'problem');
    assert.equal(
      ownAgentFinding({ self: { ...self, remoteExecDisabled: false } }, ['a'])?.verdict,
      'ok',
    );
    const shy = { ...self, remoteExecDisabled: undefined };
    assert.equal(ownAgentFinding({ self: shy }, ['a'])?.verdict, 'unknown');
  });
});

describe('gossip', () => {
  const inventory = [node('alive'), node('failed', 'failed'), node('ext', 'absent')];
  const members = [
    { name: 'alive', status: 'alive' },
    { name: 'failed', status: 'failed' },
    { name: 'left', status: 'left' },
  ] as const;

  for (const [silent, verdict, evidence] of [
    [['alive'], 'ok', /serfHealth check passes/],
    [['failed'], 'problem', /^Failed in gossip: failed\.$/],
    [['left'], 'problem', /^Left the cluster: left\.$/],
    [['ext'], 'problem', /without an agent .*: ext\.$/],
    [['nowhere'], 'problem', /^Not in the catalog any more: nowhere\.$/],
    [['alive', 'failed', 'left'], 'problem', /failed\. Left the cluster: left/],
  ] as const) {
    test(`${silent.join(', ')}: ${verdict}`, () => {
      const finding = gossipFinding({ inventory, members }, silent);
      assert.equal(finding.verdict, verdict);
      assert.match(finding.evidence, evidence);
    });
  }

  test('is unknown when neither catalog nor members may be seen', () => {
    const finding = gossipFinding({ inventory: [], members: undefined }, ['a']);
    assert.equal(finding.verdict, 'unknown');
  });

  test('is unknown of a node that members do not tell of, when the catalog was not seen', () => {
    for (const unseen of [undefined, []]) {
      const finding = gossipFinding({ inventory: unseen, members }, ['nowhere']);
      assert.equal(finding.verdict, 'unknown');
    }
    const failed = gossipFinding({ inventory: undefined, members }, ['failed']);
    assert.equal(failed.verdict, 'problem');
  });
});

describe('the filters of the run', () => {
  const inventory = [node('a'), node('b')];
  for (const [silent, filters, verdict, evidence] of [
    [['a'], { node: '^a$' }, 'ok', 'By node name.'],
    [['a'], { service: 'svc' }, 'ok', 'By the service ID svc-a.'],
    [['a'], { node: 'a', service: 'svc' }, 'ok', 'By node name and the service ID svc-a.'],
    [['a'], {}, 'ok', 'There are no filters: they fit every node.'],
    [['a', 'b'], { service: 'svc', tag: 't' }, 'ok', 'By the service ID svc-a, svc-b.'],
  ] as const) {
    test(`${JSON.stringify(filters)} fit ${silent.join(', ')}`, () => {
      const finding = filtersFinding({ inventory }, silent, [filters]);
      assert.deepEqual([finding.verdict, finding.evidence], [verdict, evidence]);
    });
  }

  test('that no longer fit are a problem; of several events one is enough', () => {
    assert.equal(filtersFinding({ inventory }, ['a'], [{ node: 'b' }]).verdict, 'problem');
    assert.equal(
      filtersFinding({ inventory }, ['a'], [{ node: 'b' }, { node: 'a' }]).verdict,
      'ok',
    );
  });

  test('are unknown for a node the catalog does not show', () => {
    assert.equal(filtersFinding({ inventory }, ['z'], [{ node: 'z' }]).verdict, 'unknown');
    const { what, evidence } = filtersFinding({ inventory }, ['a', 'z'], [{ node: '^[az]$' }]);
    assert.equal(what, 'The filters fit a.');
    assert.equal(evidence, 'By node name. The catalog does not show z.');
  });
});

describe('the filters of a run over several datacenters', () => {
  test('are unknown when it is not known what went where', () => {
    const { verdict, what } = filtersFinding({ inventory: [node('a')] }, ['a'], undefined);
    assert.deepEqual([verdict, what], ['unknown', 'Whether the filters fit a is not known.']);
  });
});

describe('earlier runs', () => {
  const history = new Map<string, NodeHistory>([
    ['never', { asked: 3, answered: 0 }],
    ['once', { asked: 3, answered: 1 }],
    ...Array.from({ length: 40 }, (_, i) => [`ok-${i}`, { asked: 3, answered: 3 }] as const),
  ]);

  test('make remote exec being off likely where a node never answered and others did', () => {
    const { verdict, what, evidence } = historyFinding(['never'], history);
    assert.equal(verdict, 'problem');
    assert.match(what, /^never never answered, so remote exec is most likely off/);
    assert.match(evidence, /3 runs; others that always answered: 40/);
  });

  test('tell of a change where a node did answer', () => {
    const { what, evidence } = historyFinding(['once'], history);
    assert.match(what, /answered earlier: once/);
    assert.match(evidence, /1 of 3 runs/);
  });

  test('tell nothing of a node without any', () => {
    assert.equal(historyFinding(['new'], history).verdict, 'unknown');
  });
});

describe('what only the node can tell', () => {
  test('comes with the exact line and rule to look for', () => {
    assert.match(remoteExecFinding(['a']).advice ?? '', /disable_remote_exec = false$/);
    assert.match(agentTokenFinding(['a'], 'my/prefix', true).what, /key:write on "my\/prefix\/"/);
    assert.equal(agentTokenFinding(['a'], '_rexec', false).verdict, 'ok');
  });

  test('shows hostile names safely', () => {
    const evil = 'a\u202e\u001b[31m';
    const findings = [
      remoteExecFinding([evil]),
      gossipFinding({ inventory: [node(evil, 'failed')], members: [] }, [evil]),
      filtersFinding({ inventory: [node(evil)] }, [evil], [{ service: 'svc' }]),
      historyFinding([evil], new Map([[evil, { asked: 1, answered: 0 }]])),
    ];
    assert.doesNotMatch(JSON.stringify(findings), /\\u001b|\u202e/);
  });
});
