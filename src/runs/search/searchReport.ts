import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { runHeading } from '../text/runHeading.ts';
import type { RunHits } from './searchRuns.ts';

const MAX_LINE_LENGTH = 1000;

/**
 * The lines that a search found, as a text: under the run and the node, each with its number.
 * @param summary what was searched and how much was found
 */
export function searchReport(summary: string, found: readonly RunHits[]): string {
  const lines = [summary];
  let run: string | undefined;
  for (const { info, node, hits } of found) {
    if (info.id !== run) lines.push('', runHeading(info));
    run = info.id;
    lines.push(`  ${displayName(node)}`);
    const width = String(hits.at(-1)?.line ?? 0).length;
    for (const { line, text } of hits) {
      const shown = shorten(text, MAX_LINE_LENGTH);
      lines.push(`    ${String(line).padStart(width)}: ${shown}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
