import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritDirectives, valueOf } from '../../../../src/exec/directive/directive.ts';
import { quoted, readDirective } from '../../../../src/exec/directive/readDirective.ts';
import { scriptHead } from '../../../../src/exec/directive/scriptHead.ts';

const read = (text: string) => inheritDirectives([readDirective(scriptHead(text.split('\n')))]);
const values = (text: string) => {
  const { entries, problems } = read(text);
  assert.deepEqual(problems, []);
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
};
const messages = (text: string) => read(text).problems.map(({ message }) => message);

test('all keys, in any comment syntax', () => {
  const text =
    'consul-exec: service=web tag=primary nodes=web[01-20],!web07 datacenter=dc1,dc2 connection=staging limit=60s cap=1MB steps=1,10%';
  const expected = {
    service: 'web',
    tag: 'primary',
    nodes: 'web[01-20],!web07',
    datacenter: 'dc1,dc2',
    connection: 'staging',
    limit: '60s',
    cap: '1MB',
    steps: '1,10%',
  };
  for (const mark of ['#', '# ', '//', '-- ', ';;', '%', '\t# ']) {
    assert.deepEqual(values(`${mark}${text}`), expected, mark);
  }
  assert.deepEqual(values(`/* ${text} */`), expected);
  assert.deepEqual(values(`/*\n * A title\n * ${text}\n */\ncode`), expected);
  assert.deepEqual(values(`<!-- ${text} -->`), expected);
  assert.deepEqual(values(`#!/bin/bash\n\n# Title\n# ${text}\r`), expected);
  assert.deepEqual(values(`\ufeff# ${text}`), expected);
});

test('quotes hold values with spaces', () => {
  assert.deepEqual(values(`# consul-exec: where='Meta.rack == "r1"' service="a b"`), {
    where: 'Meta.rack == "r1"',
    service: 'a b',
  });
  assert.deepEqual(values(String.raw`# consul-exec: where="Meta.rack == \"r1\""`), {
    where: 'Meta.rack == "r1"',
  });
  for (const value of ['web', 'a b', `it's`, 'Meta.rack == "r1"', String.raw`a\"b c`]) {
    assert.deepEqual(values(`# consul-exec: where=${quoted(value)}`), { where: value });
  }
});

test('several lines add up', () => {
  assert.deepEqual(values('# consul-exec: service=web\n# Restarts it.\n# consul-exec: limit=5s'), {
    service: 'web',
    limit: '5s',
  });
});

test('only comments before the first line of code count', () => {
  for (const text of [
    'cat <<EOF\n# consul-exec: service=web\nEOF',
    'echo "\n# consul-exec: service=web\n"',
    '"""\n# consul-exec: service=web\n"""',
    "'''\n# consul-exec: service=web\n'''",
    'set -e\n# consul-exec: service=web',
    '# see consul-exec: service=web',
    '/* x */ code\n// consul-exec: service=web',
    '#!/bin/sh consul-exec: service=web',
  ]) {
    assert.deepEqual(read(text).entries, [], text);
  }
});

test('a mistake says what is wrong and what to write', () => {
  assert.deepEqual(messages('# consul-exec: sevice=web'), [
    '"sevice" is not a key. Use service, tag, nodes, where, set, datacenter, connection, limit, cap, steps.',
  ]);
  assert.equal(read('# consul-exec: sevice=web').problems[0]?.fix, 'service');
  assert.deepEqual(messages('# consul-exec: service=web\n# consul-exec: service=db'), [
    '"service" contradicts the one in line 1. Keep one of them.',
  ]);
  assert.deepEqual(messages('# consul-exec: service=web service=web'), []);
  assert.deepEqual(messages('# consul-exec: service='), [
    '"service" has no value. Add one, or remove the key.',
  ]);
  assert.deepEqual(messages('# consul-exec: service="web'), [
    'The value of "service" has no closing quote.',
  ]);
  assert.deepEqual(messages('# consul-exec: tag=primary'), [
    'A tag belongs to a service. Add "service=".',
  ]);
  assert.deepEqual(messages('# consul-exec: set=payment nodes=web-01'), [
    'A saved set has its nodes. Remove "nodes" or "set".',
  ]);
  assert.deepEqual(messages('# consul-exec: web'), ['Write keys as in "service=web".']);
  for (const bad of ['limit=fast', 'cap=big', 'steps=0', 'nodes=web[01-', 'nodes=/(/', 'tag=/(/']) {
    const [message] = messages(`# consul-exec: service=web ${bad}`);
    assert.match(message ?? '', /\.$/, bad);
  }
});

test('a value with spaces and no quotes has them as its fix', () => {
  const [problem] = read('# consul-exec: where=Meta.rack == "r1"').problems;
  assert.match(problem?.message ?? '', /needs quotes/);
  assert.equal(problem?.fix, `'Meta.rack == "r1"'`);
  assert.deepEqual([problem.place.from, problem.place.to], [21, 38]);
});

test('places are those of the document', () => {
  const { entries } = read('#!/bin/sh\n  # consul-exec: service=web nodes="a b"');
  assert.deepEqual(
    entries.map(({ place }) => place),
    [
      { line: 1, from: 25, to: 28 },
      { line: 1, from: 35, to: 40 },
    ],
  );
  assert.equal(valueOf(read('# CONSUL-EXEC: service=web'), 'service'), 'web');
});
