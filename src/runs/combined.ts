import { t } from '@vscode/l10n';
import { displayName } from './displayText.ts';
import { type Grouping, tellingMajorityOf } from './grouping.ts';
import { speaksIgnoring } from './ignoredWords.ts';
import { compareNodes } from './nodeOrder.ts';
import { outputLines } from './outputLines.ts';
import type { Run } from './run.ts';
import { takeTurns } from '../exec/turns.ts';
import { describeExit, describeState, describeTimelessState, summarize } from './wording.ts';

/** A stretch of the combined document. Lines count from 0. */
export interface Section {
  readonly title: string;
  /** The nodes it is about; their output stands there once when it is the same. */
  readonly nodes: readonly string[];
  /** The line that names them; the output follows it. */
  readonly start: number;
  /** The last line of it. */
  readonly end: number;
}

export interface CombinedDocument {
  readonly text: string;
  readonly sections: readonly Section[];
}

interface CombinedLimits {
  /** Characters of the whole: the editor itself hands out no larger documents than 50 MB. */
  readonly characters: number;
  /** Lines of the whole: the editor folds nothing in a document of more than 300,000. */
  readonly lines: number;
  readonly linesPerSection: number;
}

const COMBINED_LIMITS: CombinedLimits = {
  characters: 16 * 1024 * 1024,
  lines: 250_000,
  linesPerSection: 20_000,
};

/**
 * One document of all outputs of a run, node after node, by name.
 * @param now milliseconds since the epoch
 */
export function combineByNode(
  run: Run,
  now: number,
  limits = COMBINED_LIMITS,
): Promise<CombinedDocument> {
  const results = [...run.ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
  const parts = results.map((result) => ({
    title: `${displayName(result.node)} · ${describeState(result, run.ledger.end, now)}`,
    nodes: [result.node],
    speaker: result.node,
  }));
  return combine(run, parts, limits);
}

/**
 * The same without anything that differs between two runs in which the same happened, such as times.
 */
export function combineForComparison(
  run: Run,
  limits = COMBINED_LIMITS,
): Promise<CombinedDocument> {
  const results = [...run.ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
  const parts = results.map((result) => ({
    title: `${displayName(result.node)} · ${describeTimelessState(result, run.ledger.end)}`,
    nodes: [result.node],
    speaker: result.node,
  }));
  return combine(run, parts, limits);
}

/**
 * One document of all outputs of a run, what is identical only once, largest group first. Where
 * differences are ignored, it says so, and the group's first node speaks for it.
 * @param now milliseconds since the epoch
 */
export function combineByGroup(
  run: Run,
  now: number,
  grouping: Grouping = run.groupings.exact,
  limits = COMBINED_LIMITS,
): Promise<CombinedDocument> {
  const groups = grouping.groups(run.ledger);
  const majority = tellingMajorityOf(groups);
  const parts = groups.flatMap((group): Part[] => {
    if (group.code === undefined) return openEnds(run, group.nodes, now);
    const [speaker] = group.nodes;
    const words = [describeExit(run.ledger.get(speaker) ?? { bytes: 0 })];
    if (group === majority) words.push(t('majority'));
    return [{ title: severalTitle(group.nodes, words), nodes: group.nodes, speaker }];
  });
  return combine(run, parts, limits, speaksIgnoring(grouping.ignored));
}

/** Nodes without an exit stand the same, but what each wrote so far is its own. */
function openEnds(run: Run, nodes: readonly string[], now: number): Part[] {
  const words = (node: string) => {
    const result = run.ledger.get(node);
    return result ? describeState(result, run.ledger.end, now) : '';
  };
  const [speaking, quiet] = partition(nodes, (node) => run.output.size(node) > 0);
  const parts: Part[] = speaking.map((node) => ({
    title: `${displayName(node)} · ${words(node)}`,
    nodes: [node],
    speaker: node,
  }));
  const [first] = quiet;
  if (first === undefined) return parts;
  return [...parts, { title: severalTitle(quiet, [words(first)]), nodes: quiet, speaker: first }];
}

function severalTitle(nodes: readonly string[], words: readonly string[]): string {
  const names = nodes.map(displayName).join(', ');
  const count = nodes.length === 1 ? [] : [t('{0} nodes', nodes.length)];
  return [...count, ...words, names].join(' · ');
}

function partition<T>(items: readonly T[], fits: (item: T) => boolean): [T[], T[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

interface Part {
  readonly title: string;
  readonly nodes: readonly string[];
  /** Whose output stands for all of them. */
  readonly speaker: string;
}

async function combine(
  run: Run,
  parts: readonly Part[],
  limits: CombinedLimits,
  /** Told before the sections, when there is something to tell. */
  note = '',
): Promise<CombinedDocument> {
  const turn = takeTurns();
  const notes = note === '' ? [] : [note];
  const lines = [displayName(run.info.title), ...summarize(run.ledger).split('\n'), ...notes, ''];
  const sections: Section[] = [];
  let room = limits.characters;
  const add = (line: string) => {
    lines.push(line);
    room -= line.length + 1;
  };
  for (const { title, nodes, speaker } of parts) {
    const start = lines.length;
    add(`── ${title} ──`);
    const most = Math.min(lines.length + limits.linesPerSection, limits.lines);
    let left = 0;
    reading: for await (const some of outputLines(run.output, speaker)) {
      await turn();
      for (const line of some) {
        if (lines.length >= most || room < line.length) {
          left++;
          break reading;
        }
        add(line);
      }
    }
    if (left > 0) {
      add(
        t(
          '… the output goes on; open the node’s own document to read all {0} bytes of it.',
          run.output.size(speaker),
        ),
      );
    }
    sections.push({ title, nodes, start, end: lines.length - 1 });
    add('');
  }
  return { text: lines.join('\n'), sections };
}
