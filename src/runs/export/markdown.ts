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
import { type RunSnapshot, takeSnapshot } from './snapshot.ts';

/** How much of the outputs a note shows, since it is to be read. */
export interface NoteLimits {
  /** Of each group. */
  readonly lines: number;
  /** Of each group: one line may be a megabyte. */
  readonly characters: number;
  /** Of all groups together. */
  readonly charactersInAll: number;
}

const NOTE_LIMITS: NoteLimits = { lines: 200, characters: 20_000, charactersInAll: 1_000_000 };

/**
 * A run as a note for people: what was run, where and when, what became of each node, and the
 * outputs, what is identical once; what the grouping ignores is told. Nothing a node wrote or is
 * called can break out of its place.
 * @param now milliseconds since the epoch
 */
export async function* exportMarkdown(
  going: Run,
  now: number,
  grouping: Grouping = going.groupings.exact,
  limits: NoteLimits = NOTE_LIMITS,
): AsyncGenerator<string, void> {
  const turn = takeTurns();
  const run = takeSnapshot(going, grouping);
  const { info, ledger } = run;
  await turn();
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
  for (const { results } of groupByStanding(ledger)) {
    for (const item of ledgerItems(run, results, now)) {
      yield item;
      await turn();
    }
  }
  if (ledger.warnings.length > 0) {
    yield `\n## ${t('Warnings')}\n\n`;
    for (const warning of ledger.warnings) yield `- ${inline(warning)}\n`;
  }
  yield `\n## ${t('Output')}\n`;
  const ignoring = speaksIgnoring(grouping.ignored);
  if (ignoring !== '') yield `\n${inline(ignoring)}\n`;
  const majority = tellingMajorityOf(run.groups);
  let room = limits.charactersInAll;
  for (const group of run.groups) {
    for (const nodes of speakers(run, group)) {
      yield head(run, nodes, now, group === majority);
      const output = await excerpt(run, nodes[0] ?? '', limits, room);
      room -= output.length;
      yield output;
      await turn();
    }
  }
}

/** Nodes that exited wrote the same; of the others each speaks for itself, if it wrote anything. */
function speakers(run: RunSnapshot, { code, nodes }: OutputGroup): readonly (readonly string[])[] {
  if (code !== undefined) return [nodes];
  return nodes.filter((node) => run.output.size(node) > 0).map((node) => [node]);
}

function head(
  run: RunSnapshot,
  nodes: readonly string[],
  now: number,
  isMajority: boolean,
): string {
  const [speaker = ''] = nodes;
  const result = run.ledger.get(speaker);
  const words = result?.code === undefined ? state(run, result, now) : describeExit(result);
  const count = nodes.length === 1 ? t('1 node') : t('{0} nodes', nodes.length);
  const marked = isMajority ? [count, words, t('majority')] : [count, words];
  return `\n### ${inline(marked.join(' · '))}\n\n${names(nodes)}\n\n`;
}

/** @param room characters that are left of the note */
async function excerpt(
  run: RunSnapshot,
  node: string,
  limits: NoteLimits,
  room: number,
): Promise<string> {
  const size = run.output.size(node);
  if (size === 0) return `${t('No output.')}\n`;
  if (room <= 0) {
    return `${t('The note is full, so this output is left out: {0} bytes.', size)}\n`;
  }
  const { lines, more } = await firstLines(run, node, limits);
  if (lines.length === 0) return `${t('No output.')}\n`;
  const rest = more ? `\n${t('The output goes on: {0} bytes in all.', size)}\n` : '';
  return fence(lines, '') + rest;
}

async function firstLines(
  run: RunSnapshot,
  node: string,
  limits: NoteLimits,
): Promise<{ lines: string[]; more: boolean }> {
  const lines: string[] = [];
  let room = limits.characters;
  for await (const some of outputLines(run.output, node)) {
    for (const line of some) {
      if (lines.length === limits.lines || room <= 0) return { lines, more: true };
      const isCut = line.length > room;
      lines.push(isCut ? `${line.slice(0, room).toWellFormed()}…` : line);
      if (isCut) return { lines, more: true };
      room -= line.length;
    }
  }
  return { lines, more: false };
}

/** Bad news by name and in words; the good ones only by name. */
function* ledgerItems(
  run: RunSnapshot,
  results: readonly NodeResult[],
  now: number,
): Generator<string> {
  const isGood = ({ code, unexpected }: NodeResult) => code === 0 && !unexpected;
  const good = results.filter(isGood);
  for (const result of results) {
    if (isGood(result)) continue;
    yield `- ${code(result.node)}: ${inline(state(run, result, now))}\n`;
  }
  if (good.length > 0)
    yield `- ${t('{0} ok', good.length)}: ${names(good.map(({ node }) => node))}\n`;
}

function state(run: RunSnapshot, result: NodeResult | undefined, now: number): string {
  return result ? describeState(result, run.ledger.end, run.ledger.finishedAt ?? now) : '';
}

function endCell({ info, ledger }: RunSnapshot): string {
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
  // In a table, this pipe would end the cell even within code, and code knows no escapes.
  if (text.includes('\\|')) return inline(text);
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
