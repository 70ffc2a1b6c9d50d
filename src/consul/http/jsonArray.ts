import { setImmediate as nextIteration } from 'node:timers/promises';

/** Parsing this much takes one or two milliseconds; then the event loop runs other work. */
const SLICE_BYTES = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/**
 * Parses a JSON array of any size without blocking the event loop: in slices of complete elements.
 * `null` counts as an empty array, because Go encodes an empty list as `null`.
 * @throws SyntaxError if the body isn't JSON, or isn't an array
 */
export async function* parseArray(
  body: Buffer,
  sliceBytes = SLICE_BYTES,
): AsyncGenerator<unknown[]> {
  if (body.length <= sliceBytes) {
    yield requireArray(JSON.parse(body.toString()));
    return;
  }
  let first = true;
  for (const [from, to] of slices(body, sliceBytes)) {
    if (!first) await nextIteration();
    first = false;
    yield requireArray(JSON.parse(`[${body.toString('utf8', from, to)}]`));
  }
}

function requireArray(value: unknown): unknown[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new SyntaxError('not a JSON array');
  return value as unknown[];
}

/** Finds the slices, which end at commas between elements. Doesn't check what is in the slices. */
function* slices(body: Buffer, sliceBytes: number): Generator<[from: number, to: number]> {
  const start = body.indexOf('[') + 1;
  if (start === 0 || body.toString('utf8', 0, start).trim() !== '[') {
    throw new SyntaxError('not a JSON array');
  }
  let from = start;
  let depth = 1;
  for (let i = start; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte === QUOTE) i = endOfString(body, i);
    else if (OPEN.has(byte)) depth++;
    else if (CLOSE.has(byte)) {
      if (--depth > 0) continue;
      yield [from, i];
      if (body.toString('utf8', i + 1).trim() !== '') throw new SyntaxError('text after the array');
      return;
    } else if (byte === COMMA && depth === 1 && i - from >= sliceBytes) {
      yield [from, i];
      from = i + 1;
    }
  }
  throw new SyntaxError('the array does not end');
}

/** @returns the index of the closing quote of the string that starts at `quote` */
function endOfString(body: Buffer, quote: number): number {
  for (let end = body.indexOf(QUOTE, quote + 1); end !== -1; end = body.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (body[end - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  throw new SyntaxError('a string does not end');
}
