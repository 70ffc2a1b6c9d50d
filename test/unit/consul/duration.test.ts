import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DurationError, goDuration, parseDuration } from '../../../src/consul/duration.ts';

/** From Go's own table for `time.ParseDuration`, in milliseconds. */
const GOOD: readonly [string, number][] = [
  ['0', 0],
  ['+0', 0],
  ['-0', 0],
  ['5s', 5000],
  ['30s', 30_000],
  ['1478s', 1_478_000],
  ['-5s', -5000],
  ['+5s', 5000],
  ['5.0s', 5000],
  ['5.6s', 5600],
  ['5.s', 5000],
  ['.5s', 500],
  ['1.0s', 1000],
  ['1.00s', 1000],
  ['1.004s', 1004],
  ['100.00100s', 100_001],
  ['10ns', 0.00001],
  ['11us', 0.011],
  ['12µs', 0.012],
  ['12μs', 0.012],
  ['13ms', 13],
  ['14s', 14_000],
  ['15m', 900_000],
  ['16h', 57_600_000],
  ['3h30m', 12_600_000],
  ['10.5s4m', 250_500],
  ['-2m3.4s', -123_400],
  ['1h2m3s4ms5us6ns', 3_723_004.005006],
  ['0.100000000000000000000h', 360_000],
  ['2000000h', 7.2e12],
];

const BAD = [
  '',
  '3',
  '-',
  's',
  '.',
  '-.',
  '.s',
  '+.s',
  '00',
  '1d',
  '1.5',
  '1m5',
  ' 1s',
  '1s ',
  '1 s',
  '1S',
  '--1s',
  '1e3s',
  '1s\n',
  '0x1s',
  '３s',
  '3000000h',
  '9223372036854775808ns',
  '99999999999999999999999h',
];

for (const [text, milliseconds] of GOOD) {
  test(`reads ${text} as ${milliseconds} ms`, () => {
    const parsed = parseDuration(text);
    assert.ok(Math.abs(parsed - milliseconds) < 1e-6, String(parsed));
  });
}

for (const text of BAD) {
  test(`refuses ${JSON.stringify(text)} with a message that names it`, () => {
    assert.throws(
      () => parseDuration(text),
      (error) => error instanceof DurationError && error.message.includes(`"${text}"`),
    );
  });
}

test('reads any sum of units, in any order', () => {
  const units = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const part = fc.tuple(
    fc.nat(9999),
    fc.constantFrom(...(['ns', 'us', 'ms', 's', 'm', 'h'] as const)),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.map(([n, unit]) => `${n}${unit}`).join('');
      const sum = parts.reduce((total, [n, unit]) => total + n * units[unit], 0);
      assert.ok(Math.abs(parseDuration(text) - sum) <= 1e-6 * Math.max(1, sum));
    }),
  );
});

test('never crashes, and never parses an invalid number', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0159.+-nusmhµ ')) }), (text) => {
      try {
        assert.ok(Number.isFinite(parseDuration(text)));
      } catch (error) {
        assert.ok(error instanceof DurationError);
      }
    }),
  );
});

test('formats durations that parse as at least as long, and never zero', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (milliseconds) => {
      const back = parseDuration(goDuration(milliseconds));
      assert.ok(back >= milliseconds && back >= 1 && back < milliseconds + 1.001);
    }),
  );
});
