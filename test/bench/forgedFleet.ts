/** A fleet that exists only as keys: who its nodes are and what each of them writes. */
export interface ForgedFleet {
  readonly nodes: number;
  readonly bytesPerNode: number;
}

/** No agent has this name, so that nobody but the forger answers. */
export const NOBODY = '^nobody-at-all$';

export const CHUNK_BYTES = 4096;
/** No part of a chunk's size, so that chunks end in the middle of lines. */
const LINE_BYTES = 71;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';

/** Names as long as those of a cloud's machines. */
export function forgedNames({ nodes }: ForgedFleet): string[] {
  return Array.from({ length: nodes }, (_, i) => forgedName(i));
}

export function forgedName(index: number): string {
  return `ip-10-${index >> 8}-${index & 255}.eu-west-1.compute.internal`;
}

/**
 * Whole lines of random letters, other ones for every node: gzip makes them no smaller than their
 * six bits a letter, so no figure profits from outputs that resemble each other.
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

/** Exit codes differ, so that a mix-up of nodes shows. */
export function forgedCode(index: number): number {
  return index % 7 === 3 ? 2 : 0;
}

export function linesOf(bytes: number): number {
  return Math.ceil(bytes / LINE_BYTES);
}
