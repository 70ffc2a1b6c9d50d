import { t } from '@vscode/l10n';
import { displayName } from './displayText.ts';
import { type Grouping, type OutputGroup, tellingMajorityOf } from './grouping.ts';
import { speaksIgnoring } from './ignoredWords.ts';
import { compareNodes } from './nodeOrder.ts';
import type { NodeResult } from './nodeResult.ts';
import { outputLines } from './outputLines.ts';
import type { OutputReader } from './outputStore.ts';
import type { Run } from './run.ts';
import { takeTurns, type Turn } from '../exec/turns.ts';
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
  /** As UTF-8. */
  readonly text: Uint8Array;
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
  return combine(
    run,
    nodeParts(run, (result) => describeState(result, run.ledger.end, now)),
    limits,
  );
}

/**
 * The same without anything that differs between two runs in which the same happened, such as times.
 */
export function combineForComparison(
  run: Run,
  limits = COMBINED_LIMITS,
): Promise<CombinedDocument> {
  return combine(
    run,
    nodeParts(run, (result) => describeTimelessState(result, run.ledger.end)),
    limits,
  );
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
  return combine(
    run,
    groupParts(run, now, grouping.groups(run.ledger)),
    limits,
    speaksIgnoring(grouping.ignored),
  );
}

/** Ten thousand titles take their time: each is made when its section is. */
function* nodeParts({ ledger }: Run, words: (result: NodeResult) => string): Generator<Part> {
  const results = [...ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
  for (const result of results) {
    const { node } = result;
    yield { title: `${displayName(node)} · ${words(result)}`, nodes: [node], speaker: node };
  }
}

function* groupParts(run: Run, now: number, groups: readonly OutputGroup[]): Generator<Part> {
  const majority = tellingMajorityOf(groups);
  for (const group of groups) {
    if (group.code === undefined) {
      yield* openEnds(run, group.nodes, now);
      continue;
    }
    const [speaker] = group.nodes;
    const words = [describeExit(run.ledger.get(speaker) ?? { bytes: 0 })];
    if (group === majority) words.push(t('majority'));
    yield { title: severalTitle(group.nodes, words), nodes: group.nodes, speaker };
  }
}

/** Nodes without an exit stand the same, but what each wrote so far is its own. */
function* openEnds(run: Run, nodes: readonly string[], now: number): Generator<Part> {
  const words = (node: string) => {
    const result = run.ledger.get(node);
    return result ? describeState(result, run.ledger.end, now) : '';
  };
  const [speaking, quiet] = partition(nodes, (node) => run.output.size(node) > 0);
  for (const node of speaking) {
    yield { title: `${displayName(node)} · ${words(node)}`, nodes: [node], speaker: node };
  }
  const [first] = quiet;
  if (first === undefined) return;
  yield { title: severalTitle(quiet, [words(first)]), nodes: quiet, speaker: first };
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
  { info, ledger, output }: Run,
  parts: Iterable<Part>,
  limits: CombinedLimits,
  /** Told before the sections, when there is something to tell. */
  note = '',
): Promise<CombinedDocument> {
  const turn = takeTurns();
  const text = new TextBlocks();
  const notes = note === '' ? [] : [note];
  for (const line of [displayName(info.title), ...summarize(ledger).split('\n'), ...notes, '']) {
    text.add(line);
  }
  const sections: Section[] = [];
  for (const { title, nodes, speaker } of parts) {
    await turn();
    const start = text.lines;
    text.add(`── ${title} ──`);
    const most = Math.min(text.lines + limits.linesPerSection, limits.lines);
    const fits = ({ length }: string) =>
      text.lines < most && text.characters + length <= limits.characters;
    if (output.size(speaker) > 0 && !(await addOutput(text, output, speaker, fits, turn))) {
      text.add(
        t(
          '… the output goes on; open the node’s own document to read all {0} bytes of it.',
          output.size(speaker),
        ),
      );
    }
    sections.push({ title, nodes, start, end: text.lines - 1 });
    text.add('');
  }
  return { text: text.end(), sections };
}

/** @returns whether all of it fitted */
async function addOutput(
  text: TextBlocks,
  output: OutputReader,
  node: string,
  fits: (line: string) => boolean,
  turn: Turn,
): Promise<boolean> {
  // Where nothing more fits, nothing is read: ten thousand outputs may be long.
  if (!fits('')) return false;
  for await (const lines of outputLines(output, node)) {
    await turn();
    for (const line of lines) {
      if (!fits(line)) return false;
      text.add(line);
    }
  }
  return true;
}

/** What is encoded at a time: a whole text in one go would hold up the event loop. */
const BLOCK_CHARACTERS = 64 * 1024;

/** A text in the making, line by line. */
class TextBlocks {
  lines = 0;
  characters = 0;
  readonly #done: Buffer[] = [];
  #open: string[] = [];
  #openedAt = 0;

  add(line: string): void {
    this.#open.push(line);
    this.lines++;
    this.characters += line.length + 1;
    if (this.characters - this.#openedAt > BLOCK_CHARACTERS) this.#encode();
  }

  end(): Uint8Array {
    this.#encode();
    return Buffer.concat(this.#done);
  }

  #encode(): void {
    if (this.#open.length === 0) return;
    const before = this.#done.length > 0 ? '\n' : '';
    this.#done.push(Buffer.from(before + this.#open.join('\n')));
    this.#open = [];
    this.#openedAt = this.characters;
  }
}
