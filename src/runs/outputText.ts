import { t } from '@vscode/l10n';
import { displayLine } from './displayText.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputStore } from './outputStore.ts';
import { takeTurns } from '../exec/turns.ts';

/** How much of a node's output its document shows. */
export interface TextLimits {
  /** Bytes of output. The editor hands no document of more than 50 million characters on. */
  readonly bytes: number;
  /** Each costs the editor some memory, however short it is. Exceeded by less than one block. */
  readonly lines: number;
}

export const TEXT_LIMITS: TextLimits = { bytes: 32 * 1024 * 1024, lines: 1_000_000 };

export interface OutputText {
  /** The text as UTF-8. */
  readonly text: Uint8Array;
  /** Bytes of output at the end that it does not show. */
  readonly leftOut: number;
}

/**
 * A node's output as its document shows it. Of an output beyond the limits it shows whole lines up
 * to there, and says in a last line how much is left out.
 */
export async function outputText(
  output: OutputStore,
  node: string,
  limits: TextLimits = TEXT_LIMITS,
): Promise<OutputText> {
  const turn = takeTurns();
  const decoder = new LineDecoder();
  const size = output.size(node);
  const parts: Buffer[] = [];
  let lines = 0;
  let read = 0;
  let shown = 0;
  for await (const block of output.stream(node, 0, Math.min(size, limits.bytes))) {
    const some = decoder.push(block);
    if (some.length > 0) parts.push(Buffer.from(`${some.map(displayLine).join('\n')}\n`));
    const lineEnd = block.lastIndexOf(0x0a);
    if (lineEnd >= 0) shown = read + lineEnd + 1;
    read += block.length;
    lines += some.length;
    if (lines >= limits.lines) break;
    await turn();
  }
  const rest = decoder.end();
  if (read === size || parts.length === 0) {
    parts.push(Buffer.from(rest.map(displayLine).join('\n')));
    shown = read;
  }
  const leftOut = size - shown;
  if (leftOut > 0) parts.push(Buffer.from(lastLine(leftOut)));
  return { text: Buffer.concat(parts), leftOut };
}

function lastLine(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  return megabytes < 1
    ? t('… {0} more bytes are left out here. “Save Raw Output As…” saves all of it.', bytes)
    : t(
        '… {0} MB more are left out here. “Save Raw Output As…” saves all of it.',
        megabytes.toFixed(1),
      );
}
