import { FETCH_MAGIC } from './nodeScripts.ts';

/** A part of what a node kept of a run. */
export type Kept =
  /** The node has nothing of the run. */
  | { readonly kind: 'nothing' }
  /** The job still runs. */
  | { readonly kind: 'running' }
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  /** The job ended; `size` is how much of its output the node kept. */
  | {
      readonly kind: 'ended';
      readonly code: number;
      readonly limitSeconds: number | undefined;
      readonly size: number;
    }
  /** The job is gone without an exit code, as after a restart of the node. */
  | { readonly kind: 'gone' };

/** No line of a frame is longer. */
const MAX_LINE = 200;

/**
 * Reads the frames that `fetchText` writes, in whatever pieces they arrive. Ignores everything from the
 * first byte that it can't have written.
 */
export class FetchFrames {
  readonly #firstLine: string;
  #hasBegun = false;
  /** Bytes of output that are still to come. */
  #bytesLeft = 0;
  #line = Buffer.alloc(0);
  #isBroken = false;

  constructor(nonce: string) {
    this.#firstLine = `${FETCH_MAGIC} ${nonce}`;
  }

  /** Call this when a piece is missing. */
  breakOff(): void {
    this.#isBroken = true;
  }

  *push(piece: Uint8Array): Generator<Kept> {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    while (rest.length > 0 && !this.#isBroken) {
      if (this.#bytesLeft > 0) {
        const bytes = rest.subarray(0, this.#bytesLeft);
        this.#bytesLeft -= bytes.length;
        rest = rest.subarray(bytes.length);
        yield { kind: 'output', bytes };
        continue;
      }
      const end = rest.indexOf(10);
      this.#line = Buffer.concat([this.#line, end === -1 ? rest : rest.subarray(0, end)]);
      if (this.#line.length > MAX_LINE) {
        this.breakOff();
        return;
      }
      if (end === -1) return;
      rest = rest.subarray(end + 1);
      const line = this.#line.toString('latin1');
      this.#line = Buffer.alloc(0);
      yield* this.#read(line);
    }
  }

  *#read(line: string): Generator<Kept> {
    if (!this.#hasBegun) {
      this.#hasBegun = line === this.#firstLine;
      if (!this.#hasBegun) this.breakOff();
      return;
    }
    const output = /^d (\d{1,9})$/.exec(line);
    const ended = /^e (-?\d{1,3}) (\d{1,9}) (\d{1,9})$/.exec(line);
    if (output) {
      this.#bytesLeft = Number(output[1]);
    } else if (ended) {
      const [code = 0, limit = 0, size = 0] = ended.slice(1).map(Number);
      yield { kind: 'ended', code, limitSeconds: limit === 0 ? undefined : limit, size };
    } else if (line === 'n') yield { kind: 'nothing' };
    else if (line === 'r') yield { kind: 'running' };
    else if (line === 'g') yield { kind: 'gone' };
    else this.breakOff();
  }
}
