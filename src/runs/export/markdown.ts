import { t } from '@vscode/l10n';
import { jobText } from '../../exec/protocol/job.ts';
import { valueLabel } from '../../exec/script/parameters/valueLabel.ts';
import { displayName } from '../../base/displayName.ts';
import { literalLine } from '../text/displayText.ts';
import { type OutputGrouping, type OutputGroup, markedGroup } from '../grouping/outputGrouping.ts';
import { groupByStatus } from '../grouping/statusGroups.ts';
import { groupNote } from '../grouping/ignoredDifferencesLabel.ts';
import { describeStartedBy } from '../model/startedBy.ts';
import type { NodeResult } from '../model/nodeStatus.ts';
import { outputLines } from '../output/outputLines.ts';
import type { Run } from '../run.ts';
import { createYielder } from '../../base/yielder.ts';
import { describeDuration, describeProgress, mostCommonLabel } from '../text/stateText.ts';
import { isoTime } from '../text/time.ts';
import { resultWords, stateWords } from './resultWords.ts';
import { type RunSnapshot, takeSnapshot } from './snapshot.ts';

/** How much output a note shows: people read it. */
export interface NoteLimits {
  /** Per group. */
  readonly lines: number;
  /** Per group: one line can have a megabyte. */
  readonly characters: number;
  /** For all groups together. */
  readonly totalCharacters: number;
}

const NOTE_LIMITS: NoteLimits = { lines: 200, characters: 20_000, totalCharacters: 1_000_000 };

/**
 * A run as a note for people: the job, where and when it ran, the result of each node, and the outputs,
 * identical ones only once, with a note on the differences that the grouping ignores. Neither the output
 * nor the name of a node can change the structure of the note.
 * @param now milliseconds since the epoch
 */
export async function* exportMarkdown(
  source: Run,
  now: number,
  grouping: OutputGrouping = source.groupings.exact,
  limits: NoteLimits = NOTE_LIMITS,
): AsyncGenerator<string, void> {
  const maybeYield = createYielder();
  const run = takeSnapshot(source, grouping);
  const { info, ledger } = run;
  await maybeYield();
  yield `# ${inline(info.title)}\n\n`;
  yield table([
    [t('Result'), inline(describeProgress(ledger))],
    [t('Started'), isoTime(info.createdAt)],
    [t('Ended'), endCell(run)],
    [t('Location'), inline([info.connection, info.datacenters.join(', ')].join(' · '))],
    ...startedByRows(run),
    ...parameterRows(run),
    [t('Selection'), inline(info.choice)],
    [t('Targets'), `${info.targets.length}: ${names(info.targets)}`],
  ]);
  yield `\n## ${t('Command')}\n\n`;
  yield fence(
    jobText(info.job).split('\n').map(literalLine),
    info.job.kind === 'script' ? 'sh' : '',
  );
  yield `\n## ${t('Nodes')}\n\n`;
  for (const { results } of groupByStatus(ledger)) {
    for (const item of ledgerItems(run, results, now)) {
      yield item;
      await maybeYield();
    }
  }
  if (ledger.warnings.length > 0) {
    yield `\n## ${t('Warnings')}\n\n`;
    for (const warning of ledger.warnings) yield `- ${inline(warning)}\n`;
  }
  yield `\n## ${t('Output')}\n`;
  const ignoring = groupNote(grouping.ignored);
  if (ignoring !== '') yield `\n${inline(ignoring)}\n`;
  const common = markedGroup(run.groups);
  let room = limits.totalCharacters;
  for (const group of run.groups) {
    for (const nodes of nodesByOutput(run, group)) {
      yield head(run, nodes, now, group === common);
      const output = await excerpt(run, nodes[0] ?? '', limits, room);
      room -= output.length;
      yield output;
      await maybeYield();
    }
  }
}

/** Nodes that exited have the same output; each of the others has its own, if any. */
function nodesByOutput(
  run: RunSnapshot,
  { code, nodes }: OutputGroup,
): readonly (readonly string[])[] {
  if (code !== undefined) return [nodes];
  return nodes.filter((node) => run.output.size(node) > 0).map((node) => [node]);
}

function head(
  run: RunSnapshot,
  nodes: readonly string[],
  now: number,
  isMostCommon: boolean,
): string {
  const [first = ''] = nodes;
  const result = run.ledger.get(first);
  const words = resultWords(run, result, now);
  const count = nodes.length === 1 ? t('1 node') : t('{0} nodes', nodes.length);
  const marked = isMostCommon ? [count, words, mostCommonLabel()] : [count, words];
  return `\n### ${inline(marked.join(' · '))}\n\n${names(nodes)}\n\n`;
}

/** @param room how many more characters of output the note can have */
async function excerpt(
  run: RunSnapshot,
  node: string,
  limits: NoteLimits,
  room: number,
): Promise<string> {
  const size = run.output.size(node);
  if (size === 0) return `${t('No output.')}\n`;
  if (room <= 0) {
    return `${t("Output omitted ({0} bytes): the note's size limit was reached.", size)}\n`;
  }
  const { lines, more } = await firstLines(run, node, limits);
  if (lines.length === 0) return `${t('No output.')}\n`;
  const rest = more ? `\n${t('The output continues: {0} bytes in total.', size)}\n` : '';
  return fence(lines, '') + rest;
}

async function firstLines(
  run: RunSnapshot,
  node: string,
  limits: NoteLimits,
): Promise<{ lines: string[]; more: boolean }> {
  const lines: string[] = [];
  let room = limits.characters;
  for await (const batch of outputLines(run.output, node)) {
    for (const line of batch) {
      if (lines.length === limits.lines || room <= 0) return { lines, more: true };
      const isCut = line.length > room;
      lines.push(isCut ? `${line.slice(0, room).toWellFormed()}…` : line);
      if (isCut) return { lines, more: true };
      room -= line.length;
    }
  }
  return { lines, more: false };
}

/** Nodes that are not ok with their state, one per line; then the names of those that are. */
function* ledgerItems(
  run: RunSnapshot,
  results: readonly NodeResult[],
  now: number,
): Generator<string> {
  const isGood = ({ code, unexpected }: NodeResult) => code === 0 && !unexpected;
  const good = results.filter(isGood);
  for (const result of results) {
    if (isGood(result)) continue;
    yield `- ${code(result.node)}: ${inline(stateWords(run, result, now))}\n`;
  }
  if (good.length > 0)
    yield `- ${t('{0} ok', good.length)}: ${names(good.map(({ node }) => node))}\n`;
}

function startedByRows({ info }: RunSnapshot): [string, string][] {
  if (info.startedBy === undefined) return [];
  return [[t('Started by'), inline(describeStartedBy(info.startedBy))]];
}

function parameterRows({ info }: RunSnapshot): [string, string][] {
  if (info.parameters === undefined) return [];
  return [[t('Parameters'), inline(info.parameters.map(valueLabel).join(', '))]];
}

function endCell({ info, ledger }: RunSnapshot): string {
  if (ledger.finishedAt === undefined) {
    return t({
      message: 'not yet',
      args: [],
      comment: ['Shown as the end of a run that is still running'],
    });
  }
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

/** A name as code, without any markup. */
function code(name: string): string {
  const text = displayName(name);
  // In a table, this pipe would end the cell even within code, and code has no escapes.
  if (text.includes('\\|')) return inline(text);
  const ticks = '`'.repeat(longestRun(text) + 1);
  const padded = /^[` ]|[` ]$/.test(text) ? ` ${text} ` : text;
  return `${ticks}${padded}${ticks}`;
}

/** Plain text in a line: characters with a meaning in Markdown or HTML are escaped. */
function inline(text: string): string {
  return displayName(text).replace(/[\\`*_{}[\]<>#~&$]/g, '\\$&');
}

/** A block that its text can't end: the fence is longer than any sequence of backticks in it. */
function fence(lines: readonly string[], language: string): string {
  const text = lines.join('\n').replace(/\n+$/, '');
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}\n`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}
