import { t } from '@vscode/l10n';
import { type Gap, withGaps } from '../output/gaps.ts';
import { type Decoding, LineDecoder } from '../output/lineDecoder.ts';
import type { OutputStore } from '../output/outputStore.ts';
import { describeBytes } from '../text/stateText.ts';
import { outputLine } from './channelText.ts';

/** The output of nodes as lines of a run's channel. */
export class ChannelOutput {
  readonly #width: number;
  readonly #decodingOf: ((node: string) => Decoding) | undefined;
  readonly #decoders = new Map<string, LineDecoder>();

  /**
   * @param width characters to pad names to
   * @param decodingOf how the bytes of a node become lines
   */
  constructor(width: number, decodingOf?: (node: string) => Decoding) {
    this.#width = width;
    this.#decodingOf = decodingOf;
  }

  /** Adds the next chunk of a node's output, or a gap in it. @returns the lines that are complete now */
  push(node: string, piece: Uint8Array | Gap): string[] {
    return this.#written(node, this.#decoder(node).add(piece));
  }

  /**
   * Adds the earlier output of a node, or its end.
   * @param size bytes of output before the first `push`
   * @param gaps in that output
   * @param maxBytes of that output to show
   */
  async *replay(
    output: OutputStore,
    node: string,
    size: number,
    { gaps = [], maxBytes = size }: { gaps?: readonly Gap[]; maxBytes?: number } = {},
  ): AsyncGenerator<string[], void> {
    const decoder = this.#decoder(node);
    for await (const lines of replayedLines({ output, node, size, gaps, maxBytes, decoder })) {
      yield this.#written(node, lines);
    }
  }

  /** Call this after the node's last chunk. @returns the rest without a line end, if any */
  end(node: string): string[] {
    return this.#written(node, this.#decoders.get(node)?.end() ?? []);
  }

  /** The same for all nodes. */
  endAll(): string[] {
    return [...this.#decoders.keys()].flatMap((node) => this.end(node));
  }

  #written(node: string, lines: readonly string[]): string[] {
    return lines.map((line) => outputLine(node, line, this.#width));
  }

  #decoder(node: string): LineDecoder {
    let decoder = this.#decoders.get(node);
    if (!decoder) this.#decoders.set(node, (decoder = new LineDecoder(this.#decodingOf?.(node))));
    return decoder;
  }
}

interface Replay {
  readonly output: OutputStore;
  readonly node: string;
  readonly size: number;
  readonly gaps: readonly Gap[];
  readonly maxBytes: number;
  readonly decoder: LineDecoder;
}

/** The lines of a node's output so far: if that is too much, the last whole ones, below a line that says so. */
export async function* replayedLines(replay: Replay): AsyncGenerator<string[], void> {
  const { output, node, size, gaps, maxBytes, decoder } = replay;
  // A character of UTF-16 begins at an even position.
  const start = size > maxBytes ? 2 * Math.ceil((size - maxBytes) / 2) : 0;
  if (start > 0) yield [t('… the first {0} are left out here …', describeBytes(start))];
  const later = gaps.filter(({ position }) => position >= start);
  let isCut = start > 0;
  for await (const piece of withGaps(output.stream(node, start, size), later, start)) {
    const lines = decoder.add(piece);
    if (isCut && lines.length > 0) {
      lines.shift();
      isCut = false;
    }
    yield lines;
  }
}

/**
 * How many bytes of each node to show, so that together they are not more than a limit: small outputs are
 * whole, and of the others the last bytes are shown, of each equally many.
 */
export function fairShare(sizes: readonly number[], maxBytes: number): number {
  const ascending = sizes.toSorted((a, b) => a - b);
  let left = maxBytes;
  for (const [index, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
