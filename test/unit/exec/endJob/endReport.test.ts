import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { digestOf, posixChecksum } from '../../../../src/exec/endJob/checksum.ts';
import { parseEndReport } from '../../../../src/exec/endJob/endReport.ts';

const parse = (text: string) => parseEndReport(Buffer.from(text), 'n1');

test('the report is a line with the nonce of the request, anywhere in the output', () => {
  assert.deepEqual(
    parse(
      'noise\n\nconsul-exec-end n1 ended signal=KILL processes=4 guarded=0 loose=12,345\nmore noise',
    ),
    { outcome: 'ended', signal: 'SIGKILL', processes: 4, guarded: false, loose: [12, 345] },
  );
  assert.deepEqual(parse('consul-exec-end n1 over guarded=1\n'), {
    outcome: 'over',
    guarded: true,
  });
  assert.deepEqual(parse('consul-exec-end n1 missing restarted=1'), {
    outcome: 'missing',
    guarded: false,
    restarted: true,
  });
});

for (const [what, text] of [
  ['another nonce', 'consul-exec-end n2 ended guarded=0'],
  ['no nonce', 'consul-exec-end ended guarded=0'],
  ['a line that only contains it', 'echo consul-exec-end n1 ended guarded=0'],
  ['an unknown outcome', 'consul-exec-end n1 perfect guarded=0'],
  ['an unknown form', 'consul-exec-end n1 ended left=<b>1</b>'],
  ['a fact twice', 'consul-exec-end n1 stuck left=1 left=2'],
  ['a number without an end', `consul-exec-end n1 stuck left=${'1'.repeat(40)}`],
  ['two reports that differ', 'consul-exec-end n1 ended\nconsul-exec-end n1 over\n'],
  ['nothing', ''],
] as const) {
  test(`${what} is no report`, () => assert.equal(parse(text), undefined));
}

test('checksums are those that nodes print', () => {
  for (const length of [0, 1, 255, 256, 70_000]) {
    const bytes = randomBytes(length);
    const cksum = execFileSync('cksum', { input: bytes, encoding: 'utf8' }).trim();
    assert.equal(posixChecksum(bytes), cksum);
  }
  const sha = '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1';
  assert.ok(digestOf(Buffer.from('text')).endsWith(` ${sha}`));
});
