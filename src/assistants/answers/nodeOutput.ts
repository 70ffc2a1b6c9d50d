import { jobText } from '../../exec/protocol/job.ts';
import { outputLines } from '../../runs/output/outputLines.ts';
import type { Run } from '../../runs/run.ts';
import { ToolInputError } from '../inputError.ts';
import type { PageRequest } from '../page.ts';
import { visibleText } from '../visibleText.ts';
import { nodeFacts, NOTE } from './runFacts.ts';
import { textPage } from './textPage.ts';

/**
 * What a node wrote, as its document in the editor shows it: lines have the same numbers.
 * @throws ToolInputError if the run doesn't have the node
 */
export async function nodeOutput(request: PageRequest, run: Run, node: string | undefined) {
  const name = nodeNamed(run, node);
  const result = run.ledger.get(name);
  const base = { run: run.info.id, note: NOTE, ...(result && nodeFacts(request.texts, result)) };
  const { fromLine, text, next } = await textPage(request, base, outputLines(run.output, name));
  return { ...request.texts.answer(base), fromLine, writtenByNodes: text, ...(next && { next }) };
}

/** What ran, with the lines of a `#!` line that was added, but not those of a guard. */
export async function runScript(request: PageRequest, { info }: Run) {
  const { id, job, guard, parameters } = info;
  const base = {
    run: id,
    kind: job.kind,
    ...(guard && { guarded: guard }),
    ...(parameters && { parameters: parameters.length }),
  };
  const { fromLine, text, next } = await textPage(request, base, [jobText(job).split('\n')]);
  return { ...base, fromLine, script: text, ...(next && { next }) };
}

/**
 * The node of a run that has this name, also as an answer shows it.
 * @throws ToolInputError if there is none
 */
export function nodeNamed({ ledger }: Run, name: string | undefined): string {
  if (name === undefined) {
    throw new ToolInputError('Say which node: "node" is a name of the run\'s ledger.');
  }
  if (ledger.get(name)) return name;
  for (const { node } of ledger.nodes) if (visibleText(node) === name) return node;
  throw new ToolInputError('The run has no such node. Read its section "nodes" for the names.');
}
