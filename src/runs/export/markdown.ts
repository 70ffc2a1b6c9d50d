import { t } from '@vscode/l10n';
import { jobText } from '../../exec/job.ts';
import { displayLine, displayName } from '../displayText.ts';
import { type Grouping, type OutputGroup, tellingMajorityOf } from '../grouping.ts';
import { groupByStanding } from '../groups.ts';
import { speaksIgnoring } from '../ignoredWords.ts';
import type { NodeResult } from '../nodeResult.ts';
import { outputLines } from '../outputLines.ts';
import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { describeDuration, describeExit, describeProgress, describeState } from '../wording.ts';
import { isoTime } from './exportedRun.ts';

/** Lines of output shown of each group: a note is to be read. */
const LINES_PER_GROUP = 200;

/**
 * A run as a note for people: what was run, where and when, what became of each node, and the
 * outputs, what is identical once; what the grouping ignores is told. Nothing a node wrote or is called can break out of its place.
 * @param now milliseconds since the epoch
 */
export async function* exportMarkdown(
  run: Run,
  now: number,
  grouping: Grouping = run.groupings.exact,
): AsyncGenerator<string, void> {
  const { info, ledger } = run;
  yield `# ${inline(info.title)}\n\n`;
  yield table([
    [t('Result'), inline(describeProgress(ledger))],
    [t('Started'), isoTime(info.createdAt)],
    [t('Ended'), endCell(run)],
    [t('Where'), inline([info.connection, info.datacenter].join(' · '))],
    [t('Chosen'), inline(info.choice)],
    [t('Targets'), `${info.targets.length}: ${names(info.targets)}`],
  ]);
  yield `\n## ${t('Command')}\n\n`;
  yield fence(
    jobText(info.job).split('\n').map(displayLine),
    info.job.kind === 'script' ? 'sh' : '',
  );
  yield `\n## ${t('Nodes')}\n\n`;
  for (const { results } of groupByStanding(ledger)) yield* ledgerItems(run, results, now);
  if (ledger.warnings.length > 0) {
    yield `\n## ${t('Warnings')}\n\n`;
    for (const warning of ledger.warnings) yield `- ${inline(warning)}\n`;
  }
  yield `\n## ${t('Output')}\n`;
  const ignoring = speaksIgnoring(grouping.ignored);
  if (ignoring !== '') yield `\n${inline(ignoring)}\n`;
  const turn = takeTurns();
  const groups = grouping.groups(ledger);
  const majority = tellingMajorityOf(groups);
  for (const group of groups) {
    for (const nodes of speakers(run, group)) {
      yield await section(run, nodes, now, group === majority);
      await turn();
    }
  }
}

/** Nodes that exited wrote the same; of the others each speaks for itself, if it wrote anything. */
function speakers(run: Run, { code, nodes }: OutputGroup): readonly (readonly string[])[] {
  if (code !== undefined) return [nodes];
  return nodes.filter((node) => run.output.size(node) > 0).map((node) => [node]);
}

async function section(
  run: Run,
  nodes: readonly string[],
  now: number,
  isMajority: boolean,
): Promise<string> {
  const [speaker = ''] = nodes;
  const result = run.ledger.get(speaker);
  const words = result?.code === undefined ? state(run, result, now) : describeExit(result);
  const count = nodes.length === 1 ? t('1 node') : t('{0} nodes', nodes.length);
  const marked = isMajority ? [count, words, t('majority')] : [count, words];
  const head = `\n### ${inline(marked.join(' · '))}\n\n${names(nodes)}\n\n`;
  const { lines, more } = await firstLines(run, speaker);
  if (lines.length === 0) return `${head}${t('No output.')}\n`;
  const rest = more
    ? `\n${t('The output goes on: {0} bytes in all.', run.output.size(speaker))}\n`
    : '';
  return head + fence(lines, '') + rest;
}

async function firstLines(run: Run, node: string): Promise<{ lines: string[]; more: boolean }> {
  const lines: string[] = [];
  for await (const some of outputLines(run.output, node)) {
    lines.push(...some.slice(0, LINES_PER_GROUP + 1));
    if (lines.length > LINES_PER_GROUP) break;
  }
  return { lines: lines.slice(0, LINES_PER_GROUP), more: lines.length > LINES_PER_GROUP };
}

/** Bad news by name and in words; the good ones only by name. */
function* ledgerItems(run: Run, results: readonly NodeResult[], now: number): Generator<string> {
  const isGood = ({ code, unexpected }: NodeResult) => code === 0 && !unexpected;
  const good = results.filter(isGood);
  for (const result of results) {
    if (isGood(result)) continue;
    yield `- ${code(result.node)}: ${inline(state(run, result, now))}\n`;
  }
  if (good.length > 0)
    yield `- ${t('{0} ok', good.length)}: ${names(good.map(({ node }) => node))}\n`;
}

function state(run: Run, result: NodeResult | undefined, now: number): string {
  return result ? describeState(result, run.ledger.end, run.ledger.finishedAt ?? now) : '';
}

function endCell({ info, ledger }: Run): string {
  if (ledger.finishedAt === undefined) return t('not yet');
  const took = describeDuration(ledger.finishedAt - info.createdAt);
  const reason = ledger.reason === undefined ? [] : [inline(ledger.reason)];
  return [isoTime(ledger.finishedAt), took, ...reason].join(' · ');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|')} |\n`);
  return `| | |\n|---|---|\n${lines.join('')}`;
}

function names(nodes: readonly string[]): string {
  return nodes.map(code).join(', ');
}

/** A name as code: nothing in it means anything. */
function code(name: string): string {
  const text = displayName(name);
  const ticks = '`'.repeat(longestRun(text) + 1);
  const padded = /^[` ]|[` ]$/.test(text) ? ` ${text} ` : text;
  return `${ticks}${padded}${ticks}`;
}

/** Plain words in a line: whatever Markdown or HTML would take for its own is escaped. */
function inline(text: string): string {
  return displayName(text).replace(/[\\`*_{}[\]<>#~&$]/g, '\\$&');
}

/** A block that nothing in it can end: its fence is longer than any run of backticks inside. */
function fence(lines: readonly string[], language: string): string {
  const text = lines.join('\n').replace(/\n+$/, '');
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}\n`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}
