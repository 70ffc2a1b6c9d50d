import { displayLine } from './displayText.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputReader } from './outputStore.ts';

/**
 * The lines of a node's output as its document shows them, some at a time, so that line numbers are
 * the document's.
 */
export async function* outputLines(
  output: OutputReader,
  node: string,
): AsyncGenerator<readonly string[], void> {
  const decoder = new LineDecoder();
  for await (const bytes of output.stream(node)) {
    const lines = decoder.push(bytes);
    if (lines.length > 0) yield lines.map(displayLine);
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest.map(displayLine);
}
