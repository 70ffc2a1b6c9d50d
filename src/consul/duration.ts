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

/** Go stores nanoseconds in 64 bits. */
const MAX_DURATION_NS = 2 ** 63 - 1024;

/** The text isn't a Go duration. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

/**
 * Parses a duration as Go's `time.ParseDuration` does (`1h30m`, `1.5s`, `200ms`, `0`), because
 * `consul exec` accepts this format for `-wait` and `-wait-repl`.
 * @returns milliseconds, possibly with a fraction
 * @throws DurationError that names the text and an example
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
      t(
        '"{0}" is not a valid duration. Use a number and a unit. Examples: 2s, 500ms, 1m30s.',
        text,
      ),
    );
  }
  if (nanoseconds > MAX_DURATION_NS) {
    throw new DurationError(
      t('The duration "{0}" is too long. Use at most 290 years. Examples: 2s, 1m30s.', text),
    );
  }
  return (sign === '-' && nanoseconds > 0 ? -nanoseconds : nanoseconds) / 1e6;
}

/**
 * Parses a waiting time. Unlike Go, this rejects negative durations.
 * @returns milliseconds, possibly with a fraction
 * @throws DurationError
 */
export function parseWait(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds >= 0) return milliseconds;
  throw new DurationError(t('The duration "{0}" is negative. Examples: 2s, 0s.', text));
}

/** Formats milliseconds as a Go duration for a query parameter. Rounds up, so it is never 0. */
export function goDuration(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds))}ms`;
}
