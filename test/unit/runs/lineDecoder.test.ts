import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineDecoder } from '../../../src/runs/output/lineDecoder.ts';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '\r\n', '\r', 'a', ' ', '\t', 'é', 'ノ', '💥', '\ufeff', '\u0000'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 300,
});
const outputs = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom(0xe3, 0x83, 0x8e, 0xf0, 0x9f, 0x92, 0xa5, 0x0a, 0x0d, 0xff))
    .map((bytes) => Buffer.from(bytes)),
);

function decode(chunks: Iterable<Uint8Array>): string[] {
  const decoder = new LineDecoder();
  const lines: string[] = [];
  for (const chunk of chunks) lines.push(...decoder.push(chunk));
  lines.push(...decoder.end());
  return lines;
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

test('gives the same lines wherever the chunks are cut', () => {
  fc.assert(
    fc.property(outputs, fc.array(fc.nat(10_000), { maxLength: 40 }), (bytes, cuts) => {
      assert.deepEqual(decode(cut(bytes, cuts)), decode([bytes]));
    }),
    { numRuns: 3000 },
  );
});

test('gives the same lines byte by byte', () => {
  fc.assert(
    fc.property(outputs, (bytes) => {
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      assert.deepEqual(decode(single), decode([bytes]));
    }),
  );
});

test('agrees with splitting the whole text at its line ends', () => {
  fc.assert(
    fc.property(text, (value) => {
      const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(value));
      const expected = whole.split('\n').map((line) => line.replace(/\r$/, ''));
      // A last line that does not end is only there if it holds something; it keeps its CR.
      const last = whole.split('\n').at(-1) ?? '';
      const tail = last === '' ? [] : [last];
      assert.deepEqual(decode([Buffer.from(value)]), [...expected.slice(0, -1), ...tail]);
    }),
  );
});

test('hands on a line only when it is whole', () => {
  const decoder = new LineDecoder();
  assert.deepEqual(decoder.push(Buffer.from('one\ntw')), ['one']);
  assert.deepEqual(decoder.push(Buffer.from('o')), []);
  assert.deepEqual(decoder.push(Buffer.from('\r\n\nthree')), ['two', '']);
  assert.deepEqual(decoder.end(), ['three']);
  assert.deepEqual(decoder.end(), []);
});

test('a cut character is put together again, a broken one is replaced', () => {
  const decoder = new LineDecoder();
  assert.deepEqual(decoder.push(Uint8Array.of(0xf0, 0x9f)), []);
  assert.deepEqual(decoder.push(Uint8Array.of(0x92, 0xa5, 0x0a)), ['💥']);
  assert.deepEqual(decoder.push(Uint8Array.of(0xe3, 0x83)), []);
  assert.deepEqual(decoder.end(), ['\ufffd']);
});

test('a line without end is handed on in pieces, and nothing of it is lost', () => {
  const decoder = new LineDecoder();
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const pieces: string[] = [];
  for (let i = 0; i < 40; i++) pieces.push(...decoder.push(chunk));
  pieces.push(...decoder.end());
  assert.ok(pieces.length > 1);
  assert.equal(pieces.join(''), 'x'.repeat(40 * 64 * 1024));
});

test('cuts what is too long for a line in the same places wherever the chunks are cut', () => {
  const most = 1024 * 1024;
  for (const line of ['y'.repeat(3 * most), `x${'💥'.repeat(most)}`, 'y'.repeat(most)]) {
    const bytes = Buffer.from(`${line}\nnext`);
    const lines = decode([bytes]);
    assert.equal(lines.slice(0, -1).join(''), line);
    assert.equal(lines.length, Math.ceil(line.length / most) + 1);
    assert.ok(lines.every((one) => one.isWellFormed() && one.length <= most));
    for (const size of [4096, 700_000, most]) {
      const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => i * size);
      assert.deepEqual(decode(cut(bytes, cuts)), lines);
    }
  }
});
