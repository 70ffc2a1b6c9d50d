/** A fleet that exists only as keys: the number of nodes, and how much each of them writes. */
export interface ForgedFleet {
  readonly nodes: number;
  readonly bytesPerNode: number;
}

/** No agent has this name, so only the forger responds. */
export const NO_AGENT = '^no-such-agent$';

export const CHUNK_BYTES = 4096;
/** Doesn't divide the size of a chunk, so that chunks end in the middle of lines. */
const LINE_BYTES = 71;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';

/** Names as long as those of machines in a cloud. */
export function forgedNames({ nodes }: ForgedFleet): string[] {
  return Array.from({ length: nodes }, (_, i) => forgedName(i));
}

export function forgedName(index: number): string {
  return `ip-10-${index >> 8}-${index & 255}.eu-west-1.compute.internal`;
}

/**
 * Complete lines of random letters, different for every node: gzip needs six bits a letter for them, so no
 * figure benefits from similar outputs.
 */
export function forgedOutput(index: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  let state = (index + 1) * 2654435761;
  for (let i = 0; i < bytes; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const isEnd = i % LINE_BYTES === LINE_BYTES - 1 || i === bytes - 1;
    buffer[i] = isEnd ? 0x0a : LETTERS.charCodeAt(state & 63);
  }
  return buffer;
}

/** Exit codes differ, so that mixed-up nodes are detected. */
export function forgedCode(index: number): number {
  return index % 7 === 3 ? 2 : 0;
}

export function linesOf(bytes: number): number {
  return Math.ceil(bytes / LINE_BYTES);
}
