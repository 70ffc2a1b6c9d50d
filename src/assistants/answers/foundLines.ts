import type { Run } from '../../runs/run.ts';
import { searchOutputs } from '../../runs/search/searchOutputs.ts';
import { compileSearch, SearchError, type SearchQuery } from '../../runs/search/searchQuery.ts';
import { nodesWithStatus } from '../../runs/export/nodeList.ts';
import { LIST_LIMITS } from '../../runs/search/searchRuns.ts';
import { ToolInputError } from '../inputError.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { NOTE } from './runFacts.ts';

const MAX_LINE = 300;
/** How much of a line comes before its first match. */
const CONTEXT = 60;

interface FoundLine {
  readonly node: string;
  readonly line: number;
  readonly text: string;
  readonly column: number;
}

/**
 * The lines that match in the outputs of a run, node by node.
 * @throws ToolInputError for an invalid expression
 */
export async function foundLines(request: PageRequest, run: Run, query: SearchQuery) {
  const found: FoundLine[] = [];
  const search = searchOutputs(
    run.output,
    nodesWithStatus(run.ledger),
    compileQuery(query),
    LIST_LIMITS,
  );
  let step = await search.next();
  for (; step.done !== true; step = await search.next()) {
    const { node, hits } = step.value;
    for (const { line, text, matches } of hits) {
      found.push({ node, line, text, column: matches[0]?.column ?? 0 });
    }
  }
  const { nodes, truncated } = step.value;
  const base = {
    run: run.info.id,
    note: NOTE,
    lines: found.length,
    nodes,
    ...(truncated && { thereAreMore: true }),
  };
  const { texts } = request;
  return fillPage(request, base, 'found', found, ({ node, line, text, column }) => {
    const whole = texts.withoutSecrets(text);
    const from = column > CONTEXT ? Math.min(column - CONTEXT, whole.length) : 0;
    return {
      node: texts.name(node),
      line,
      writtenByNodes: texts.short(whole.slice(from), MAX_LINE),
    };
  });
}

function compileQuery(query: SearchQuery) {
  try {
    return compileSearch(query);
  } catch (error) {
    if (error instanceof SearchError) throw new ToolInputError(error.message);
    throw error;
  }
}
