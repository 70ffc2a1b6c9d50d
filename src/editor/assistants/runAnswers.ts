import * as vscode from 'vscode';
import { findingsAnswer } from '../../assistants/answers/findings.ts';
import { foundLines } from '../../assistants/answers/foundLines.ts';
import { nodeNamed, nodeOutput, runScript } from '../../assistants/answers/nodeOutput.ts';
import type { RunListing, RunState } from '../../assistants/answers/runFacts.ts';
import { runList } from '../../assistants/answers/runList.ts';
import { runNodes } from '../../assistants/answers/runNodes.ts';
import { runSummary } from '../../assistants/answers/runSummary.ts';
import { ToolInputError } from '../../assistants/inputError.ts';
import type { PageRequest } from '../../assistants/page.ts';
import type { ToolInput } from '../../assistants/toolInputs.ts';
import type { Run } from '../../runs/run.ts';
import { statusOf } from '../../runs/model/nodeStatus.ts';
import { NothingToDo } from '../base/userError.ts';
import { examineNodes } from '../reports/nodeReport.ts';
import { examineNoResponse, type ReportServices } from '../reports/whyNoResponse.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';
import { openForAssistant } from './chosenTargets.ts';

type AnswerServices = Omit<ReportServices, 'reports'>;

export async function listRuns({ runs }: AnswerServices, request: PageRequest): Promise<object> {
  await runs.whenRestored;
  return runList(request, runs.all.map(listingOf));
}

export async function readRun(
  services: AnswerServices,
  request: PageRequest,
  { run: id, section, node, status, group }: ToolInput<'read_run'>,
): Promise<object> {
  const listed = await runNamed(services.runs, id);
  const run = await services.loader.load(listed);
  switch (section) {
    case 'nodes':
      return runNodes(request, run, { status, group });
    case 'output':
      return nodeOutput(request, run, node);
    case 'script':
      return runScript(request, run);
    case 'summary':
    case undefined:
      return runSummary(request, run, stateOf(listed, run));
  }
}

export async function searchRun(
  { runs, loader }: AnswerServices,
  request: PageRequest,
  { run: id, text, regex, matchCase }: ToolInput<'search_run'>,
): Promise<object> {
  const run = await loader.load(await runNamed(runs, id));
  return foundLines(request, run, { text, regex, matchCase });
}

export async function explainNoResponse(
  services: AnswerServices,
  request: PageRequest,
  { run: id, node }: ToolInput<'why_no_response'>,
): Promise<object> {
  const run = await services.loader.load(await runNamed(services.runs, id));
  const silent = [...run.ledger.nodes].filter((result) => statusOf(result) === 'noResponse');
  const wanted = node === undefined ? undefined : nodeNamed(run, node);
  const labels = silent.map((result) => result.node).filter((name) => (wanted ?? name) === name);
  if (labels.length === 0) {
    throw new NothingToDo(vscode.l10n.t('Every node of this run responded.'));
  }
  const connection = await openForAssistant(services.connections);
  const examined = await examineNodes(connection, run, labels, (place) =>
    examineNoResponse(services, run, place),
  );
  return findingsAnswer(request, run.info.id, examined);
}

export function stateOf({ isInterrupted, isActive, outcome }: ListedRun, run?: Run): RunState {
  if (isActive) return 'running';
  if (isInterrupted) return 'interrupted';
  return run?.ledger.end ?? outcome?.end ?? 'running';
}

function listingOf(listed: ListedRun): RunListing {
  const { info, run, outcome } = listed;
  return {
    info,
    state: stateOf(listed, run),
    counts: run?.ledger.counts ?? outcome?.counts,
  };
}

/** @throws ToolInputError */
async function runNamed(runs: RunList, id: string): Promise<ListedRun> {
  const listed = await runs.findRestored(id);
  if (listed) return listed;
  throw new ToolInputError('There is no such run. list_runs has the ids of all runs.');
}
