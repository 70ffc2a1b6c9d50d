import { t } from '@vscode/l10n';
import { displayLine } from '../text/displayText.ts';
import { withGaps } from './gaps.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputStore } from './outputStore.ts';
import { createYielder } from '../../base/yielder.ts';

/** How much of a node's output its document shows. */
export interface TextLimits {
  /** Bytes of output. The editor passes no document with more than 50 million characters to extensions. */
  readonly bytes: number;
  /** Even a short line costs the editor memory. Exceeded by less than one block. */
  readonly lines: number;
}

export const TEXT_LIMITS: TextLimits = { bytes: 32 * 1024 * 1024, lines: 1_000_000 };

export interface OutputText {
  /** The text as UTF-8. */
  readonly text: Uint8Array;
  /** Bytes of output at the end that it does not show. */
  readonly omittedBytes: number;
}

/**
 * A node's output as its document shows it. An output beyond the limits is shown up to its last whole
 * line within them, and a last line says how much is not shown.
 */
export async function outputText(
  output: OutputStore,
  node: string,
  limits: TextLimits = TEXT_LIMITS,
): Promise<OutputText> {
  const maybeYield = createYielder();
  const decoder = new LineDecoder(output.decoding(node));
  const size = output.size(node);
  const parts: Buffer[] = [];
  let lines = 0;
  let read = 0;
  let shown = 0;
  const blocks = output.stream(node, 0, Math.min(size, limits.bytes));
  for await (const piece of withGaps(blocks, output.gaps(node))) {
    const complete = decoder.add(piece);
    if (complete.length > 0) parts.push(Buffer.from(`${complete.map(displayLine).join('\n')}\n`));
    if (piece instanceof Uint8Array) {
      const lineEnd = piece.lastIndexOf(0x0a);
      if (lineEnd >= 0) shown = read + lineEnd + 1;
      read += piece.length;
    } else shown = read;
    lines += complete.length;
    if (lines >= limits.lines) break;
    await maybeYield();
  }
  const rest = decoder.end();
  if (read === size || parts.length === 0) {
    parts.push(Buffer.from(rest.map(displayLine).join('\n')));
    shown = read;
  }
  const omittedBytes = size - shown;
  if (omittedBytes > 0) parts.push(Buffer.from(omittedMessage(omittedBytes)));
  return { text: Buffer.concat(parts), omittedBytes: omittedBytes };
}

function omittedMessage(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  return megabytes < 1
    ? t('… {0} bytes not shown. "Save Raw Output As…" saves everything.', bytes)
    : t('… {0} MB not shown. "Save Raw Output As…" saves everything.', megabytes.toFixed(1));
}
