import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { agentPolicy, policyRule, userPolicy } from '../../../src/exec/policy.ts';
import { nodeLabel, splitNodeLabel } from '../../../src/exec/nodeLabel.ts';

describe('policies', () => {
  test('grant a user what a run and its preview need, and no more', () => {
    assert.equal(
      userPolicy({ prefix: 'ops/rexec', sessionNode: 'web-01', agentNode: 'web-01' }),
      `key_prefix "ops/rexec/" {
  policy = "write"
}
event "_rexec" {
  policy = "write"
}
session "web-01" {
  policy = "write"
}
agent "web-01" {
  policy = "read"
}
node_prefix "" {
  policy = "read"
}
service_prefix "" {
  policy = "read"
}
`,
    );
  });

  test('tell the agent spoken to from the node a foreign session belongs to', () => {
    const rules = userPolicy({ prefix: '_rexec', sessionNode: 'server-2', agentNode: 'web-01' });
    assert.match(rules, /session "server-2" \{\n {2}policy = "write"/);
    assert.match(rules, /agent "web-01" \{\n {2}policy = "read"/);
    assert.doesNotMatch(rules, /agent "server-2"/);
  });

  test('grant an agent the keys alone', () => {
    assert.equal(agentPolicy('_rexec'), 'key_prefix "_rexec/" {\n  policy = "write"\n}\n');
  });

  test('quote names that would break out of their place', () => {
    const rule = policyRule({ resource: 'session', access: 'write', segment: 'a"}${x}\n' });
    assert.equal(rule, 'session "a\\"}\\u0024{x}\\n" {\n  policy = "write"\n}');
  });
});

test('a label of a node gives back its parts, whatever the node is called', () => {
  for (const node of ['web-01', 'a@b', '@', 'x/y']) {
    assert.deepEqual(splitNodeLabel(nodeLabel(node, 'dc1')), { node, datacenter: 'dc1' });
  }
});
