import { displayLine } from '../text/displayText.ts';
import { withGaps } from './gaps.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputReader } from './outputStore.ts';

/**
 * The lines of a node's output as its document shows them, in batches: line numbers are the same as in
 * the document.
 */
export async function* outputLines(
  output: OutputReader,
  node: string,
): AsyncGenerator<readonly string[], void> {
  const decoder = new LineDecoder(output.decoding(node));
  for await (const piece of withGaps(output.stream(node), output.gaps(node))) {
    const lines = decoder.add(piece);
    if (lines.length > 0) yield lines.map(displayLine);
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest.map(displayLine);
}
