import { t } from '@vscode/l10n';

/** Nanoseconds in each unit that Go's `time.ParseDuration` knows. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // U+00B5
  μs: 1e3, // U+03BC
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go counts nanoseconds in 64 bits. */
const LONGEST_NS = 2 ** 63 - 1024;

/** A text that is not a Go duration. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

/**
 * Reads a duration as Go's `time.ParseDuration` does (`1h30m`, `1.5s`, `200ms`, `0`), since that is
 * what `consul exec` accepts for `-wait` and `-wait-repl`.
 * @returns milliseconds, possibly with a fraction
 * @throws DurationError naming the text and an example
 */
export function parseDuration(text: string): number {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0;
  let rest = body;
  let nanoseconds = 0;
  while (rest !== '') {
    const part = /^(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/.exec(rest);
    if (!part) break;
    nanoseconds += Number(part[1]) * (UNITS[part[2] ?? ''] ?? Number.NaN);
    rest = rest.slice(part[0].length);
  }
  if (body === '' || rest !== '') {
    throw new DurationError(
      t('“{0}” is not a duration. Write a number and a unit, such as 2s, 500ms or 1m30s.', text),
    );
  }
  if (nanoseconds > LONGEST_NS) {
    throw new DurationError(
      t('“{0}” is too long a duration. Write one of at most 290 years, such as 2s or 1m30s.', text),
    );
  }
  return (sign === '-' && nanoseconds > 0 ? -nanoseconds : nanoseconds) / 1e6;
}

/**
 * A time to wait, which Go's reading would let be negative.
 * @returns milliseconds, possibly with a fraction
 * @throws DurationError
 */
export function parseWait(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds >= 0) return milliseconds;
  throw new DurationError(t('“{0}” is negative. Write a duration such as 2s or 0s.', text));
}

/** Milliseconds as a Go duration for a query parameter. Rounded up, so that it is never 0. */
export function goDuration(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds))}ms`;
}
