/** Chunks of a node's output that were deleted before they were read. */
export interface Gap {
  /** How many bytes of the node's output come before it. */
  readonly position: number;
  /** How many chunks of at most 4,096 bytes each. */
  readonly chunks: number;
}

/**
 * Bytes of an output, with its gaps at their places.
 * @param gaps in their order, none before `start`; those after the last byte are left out
 * @param start the position of the first byte
 */
export async function* withGaps(
  blocks: AsyncIterable<Uint8Array>,
  gaps: readonly Gap[],
  start = 0,
): AsyncGenerator<Uint8Array | Gap, void> {
  let at = start;
  let next = 0;
  for await (const block of blocks) {
    let done = 0;
    for (let gap = gaps[next]; gap && gap.position < at + block.length; gap = gaps[++next]) {
      const cut = gap.position - at;
      if (cut > done) yield block.subarray(done, cut);
      yield gap;
      done = cut;
    }
    if (done < block.length) yield done === 0 ? block : block.subarray(done);
    at += block.length;
  }
  for (let gap = gaps[next]; gap && gap.position <= at; gap = gaps[++next]) yield gap;
}
