import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockDirectives } from '../../../../src/exec/directive/blockDirectives.ts';
import { parseMarkdown } from '../../../../src/exec/runbook/markdownBlocks.ts';

/** The directive of each block, as `key=value`. */
function directives(markdown: string): string[] {
  const lines = markdown.split(/\r\n|\n/);
  return blockDirectives(lines, parseMarkdown(markdown).blocks).map(({ entries, problems }) => {
    assert.deepEqual(problems, []);
    for (const { place, value } of entries) {
      assert.ok(lines[place.line]?.slice(place.from, place.to).includes(value));
    }
    return entries.map(({ key, value }) => `${key}=${value}`).join(' ');
  });
}

test('in the info string, in a comment above, and in the first comment lines', () => {
  const text = `
\`\`\`sh consul-exec: service=web
uptime
\`\`\`

<!-- consul-exec: service=db -->

~~~sh
uptime
~~~

\`\`\`sh
#!/bin/sh
# consul-exec: nodes=a,b
uptime
\`\`\`

- in a list

  <!-- consul-exec: service=cache -->
  \`\`\`sh
  # consul-exec: limit=5s
  uptime
  \`\`\`

> <!-- consul-exec: service=quoted -->
> \`\`\`sh
> uptime
> \`\`\`
`;
  assert.deepEqual(directives(text), [
    'service=web',
    'service=db',
    'nodes=a,b',
    'service=cache limit=5s',
    'service=quoted',
  ]);
  assert.deepEqual(directives(text.replaceAll('\n', '\r\n')).length, 5);
});

test('blocks inherit from the headings above them', () => {
  const text = `# Runbook

<!-- consul-exec: service=web tag=primary limit=60s -->

\`\`\`sh
one
\`\`\`

## Database
<!-- consul-exec: service=db -->

\`\`\`sh
two
\`\`\`

\`\`\`sh consul-exec: limit=5s
three
\`\`\`

Web
---

\`\`\`sh
four
\`\`\`

Another
=======

\`\`\`sh
five
\`\`\`
`;
  assert.deepEqual(directives(text), [
    'service=web tag=primary limit=60s',
    'limit=60s service=db',
    'service=db limit=5s',
    'service=web tag=primary limit=60s',
    '',
  ]);
});

test('a comment below a heading that is underlined counts too', () => {
  const text = 'Web\n===\n\n<!-- consul-exec: service=web -->\n\ntext\n\n```sh\na\n```\n';
  assert.deepEqual(directives(text), ['service=web']);
});

test('a saved set replaces, and is replaced by, what else says which nodes', () => {
  const text =
    '# A\n<!-- consul-exec: service=web nodes=a limit=5s -->\n```sh consul-exec: set=mine\n1\n```\n' +
    '## B\n<!-- consul-exec: set=other -->\n```sh\n2\n```\n```sh consul-exec: nodes=b\n3\n```\n';
  assert.deepEqual(directives(text), [
    'limit=5s set=mine',
    'limit=5s set=other',
    'limit=5s nodes=b',
  ]);
});

test('a block can add a tag to the service of its heading', () => {
  const text =
    '# A\n<!-- consul-exec: service=web -->\n\ntext\n\n```sh consul-exec: tag=blue\n1\n```\n';
  assert.deepEqual(directives(text), ['service=web tag=blue']);
});

test('two places of one block that contradict are a mistake', () => {
  const text = '<!-- consul-exec: service=a -->\n```sh consul-exec: service=b\nx\n```\n';
  const [directive] = blockDirectives(text.split('\n'), parseMarkdown(text).blocks);
  assert.match(directive?.problems[0]?.message ?? '', /contradicts the one in line 1/);
});
