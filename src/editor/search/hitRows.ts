import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { hitExcerpt } from '../../runs/hitExcerpt.ts';
import type { Hit, NodeHits, SearchEnd } from '../../runs/search.ts';
import { nodeCount } from '../nodeCount.ts';
import { plainLabel } from '../plainLabel.ts';
import { separator, type ValueItem } from '../input/quickInput.ts';

/** A line of a node's output in which something was found. */
export interface FoundLine {
  readonly node: string;
  readonly hit: Hit;
}

export type HitRow = ValueItem<FoundLine> | vscode.QuickPickItem;

/** A node's name and count, and under it its lines. */
export function hitRows({ node, hits, truncated }: NodeHits): HitRow[] {
  const count = truncated
    ? vscode.l10n.t('the first {0} lines', hits.length)
    : lineCount(hits.length);
  return [
    separator(`${displayName(node)} · ${count}`),
    ...hits.map((hit) => ({
      label: plainLabel(hitExcerpt(hit)),
      description: vscode.l10n.t('line {0}', hit.line),
      // The editor's own filter knows neither expressions nor words.
      alwaysShow: true,
      value: { node, hit },
    })),
  ];
}

/** What a search came to, in a line. */
export function describeEnd(end: SearchEnd): string {
  const found = describeFound(end);
  return end.cut
    ? vscode.l10n.t('{0} Of very long lines, only the beginning was searched.', found)
    : found;
}

function describeFound({ hits, nodes, truncated }: SearchEnd): string {
  if (hits === 0) return vscode.l10n.t('No line of this run’s output matches.');
  const [lines, on] = [lineCount(hits), nodeCount(nodes)];
  return truncated
    ? vscode.l10n.t('{0} on {1}, and there are more: type more to narrow the search.', lines, on)
    : vscode.l10n.t('{0} on {1}.', lines, on);
}

function lineCount(count: number): string {
  return count === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', count);
}
