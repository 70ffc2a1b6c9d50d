import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { agentPolicy, policyRule, userPolicy } from '../../../src/exec/access/policy.ts';
import { nodeLabel, splitNodeLabel } from '../../../src/base/nodeLabel.ts';

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

  test('distinguish the connected agent from the node of a foreign session', () => {
    const rules = userPolicy({ prefix: '_rexec', sessionNode: 'server-2', agentNode: 'web-01' });
    assert.match(rules, /session "server-2" \{\n {2}policy = "write"/);
    assert.match(rules, /agent "web-01" \{\n {2}policy = "read"/);
    assert.doesNotMatch(rules, /agent "server-2"/);
  });

  test('grant an agent only the keys', () => {
    assert.equal(agentPolicy('_rexec'), 'key_prefix "_rexec/" {\n  policy = "write"\n}\n');
  });

  test('quote names that would break out of their string', () => {
    const rule = policyRule({ resource: 'session', access: 'write', segment: 'a"}${x}\n' });
    assert.equal(rule, 'session "a\\"}\\u0024{x}\\n" {\n  policy = "write"\n}');
  });
});

test('a node label can be split into its parts, for any node name', () => {
  for (const node of ['web-01', 'a@b', '@', 'x/y']) {
    assert.deepEqual(splitNodeLabel(nodeLabel(node, 'dc1')), { node, datacenter: 'dc1' });
  }
});
