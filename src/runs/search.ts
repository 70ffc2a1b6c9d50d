import { t } from '@vscode/l10n';
import { escapeRegExp } from './ignored.ts';
import { outputLines } from './outputLines.ts';
import type { OutputStore } from './outputStore.ts';
import { takeTurns } from './turns.ts';

export interface SearchQuery {
  readonly text: string;
  /** The text is a JavaScript regular expression, as in the editor's own search. */
  readonly regex?: boolean | undefined;
  readonly matchCase?: boolean | undefined;
  readonly wholeWord?: boolean | undefined;
}

/** A search that cannot be done. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}

interface LineMatch {
  /** From 0, in UTF-16 units as the editor counts. */
  readonly column: number;
  readonly length: number;
}

/** Finds all places in a line. */
export type Finder = (line: string) => readonly LineMatch[];

export interface Hit {
  /** From 1, in the node's document. */
  readonly line: number;
  readonly text: string;
  /** At least one. */
  readonly matches: readonly LineMatch[];
}

export interface NodeHits {
  readonly node: string;
  /** Lines with a match. */
  readonly hits: readonly Hit[];
  /** There are more in this node's output. */
  readonly truncated: boolean;
}

export interface SearchLimits {
  /** Lines in all. */
  readonly hits: number;
  /** Lines of one node. */
  readonly hitsPerNode: number;
}

export interface SearchEnd {
  readonly hits: number;
  readonly nodes: number;
  /** The limit was reached, so some nodes were not searched to the end, or not at all. */
  readonly truncated: boolean;
}

const SEARCH_LIMITS: SearchLimits = { hits: 20_000, hitsPerNode: 1000 };

const MATCHES_PER_LINE = 100;
/** A line is searched this far: an expression may take time in the square of the length. */
const SEARCHED_LENGTH = 10_000;

/** @throws SearchError when there is nothing to look for, or the expression is none */
export function compileSearch({ text, regex, matchCase, wholeWord }: SearchQuery): Finder {
  if (text === '') throw new SearchError(t('There is nothing to search for: the text is empty.'));
  const source = regex ? text : escapeRegExp(text);
  const flags = matchCase ? 'g' : 'gi';
  let expression: RegExp;
  try {
    new RegExp(source); // alone first: wrapped, an unbalanced parenthesis might fit
    expression = new RegExp(wholeWord ? `(?<![\\w])(?:${source})(?![\\w])` : source, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const detail = error.message.split(': ').at(-1) ?? error.message;
    throw new SearchError(t('“{0}” is not a regular expression: {1}.', text, detail));
  }
  return (line) => {
    const matches: LineMatch[] = [];
    for (const { index, 0: found } of line.slice(0, SEARCHED_LENGTH).matchAll(expression)) {
      // Of an expression that fits nothing everywhere, such as `a*`, only the first place counts.
      if (found === '' && (matches.length > 0 || line !== '')) continue;
      matches.push({ column: index, length: found.length });
      if (matches.length === MATCHES_PER_LINE) break;
    }
    return matches;
  };
}

/**
 * Finds lines in the outputs of a run, and yields them node by node as they are found; nodes
 * without a hit are passed over.
 * @param nodes whose outputs to search, in this order
 */
export async function* searchOutputs(
  output: OutputStore,
  nodes: Iterable<string>,
  find: Finder,
  limits: SearchLimits = SEARCH_LIMITS,
  signal?: AbortSignal,
): AsyncGenerator<NodeHits, SearchEnd> {
  const turn = takeTurns();
  let total = 0;
  let nodesHit = 0;
  let truncated = false;
  for (const node of nodes) {
    signal?.throwIfAborted();
    if (total >= limits.hits) return { hits: total, nodes: nodesHit, truncated: true };
    const most = Math.min(limits.hitsPerNode, limits.hits - total);
    const found = await searchNode(output, node, find, most, turn, signal);
    truncated ||= found.truncated;
    if (found.hits.length === 0) continue;
    total += found.hits.length;
    nodesHit++;
    yield found;
  }
  return { hits: total, nodes: nodesHit, truncated };
}

async function searchNode(
  output: OutputStore,
  node: string,
  find: Finder,
  most: number,
  turn: () => Promise<void> | undefined,
  signal: AbortSignal | undefined,
): Promise<NodeHits> {
  const hits: Hit[] = [];
  let line = 0;
  for await (const lines of outputLines(output, node)) {
    for (const text of lines) {
      line++;
      const matches = find(text);
      if (matches.length > 0) {
        if (hits.length === most) return { node, hits, truncated: true };
        hits.push({ line, text, matches });
      }
    }
    await turn();
    signal?.throwIfAborted();
  }
  return { node, hits, truncated: false };
}
