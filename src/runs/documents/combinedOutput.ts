import { t } from '@vscode/l10n';
import { displayName } from '../../base/displayName.ts';
import { type OutputGrouping, type OutputGroup, markedGroup } from '../grouping/outputGrouping.ts';
import { groupNote } from '../grouping/ignoredDifferencesLabel.ts';
import { compareNodes } from '../model/nodeOrder.ts';
import type { NodeResult } from '../model/nodeStatus.ts';
import { outputLines } from '../output/outputLines.ts';
import type { OutputReader } from '../output/outputStore.ts';
import type { Run } from '../run.ts';
import { createYielder, type MaybeYield } from '../../base/yielder.ts';
import {
  describeExit,
  describeState,
  describeTimelessState,
  mostCommonLabel,
  summarize,
} from '../text/stateText.ts';

/** A section of the combined document. Lines count from 0. */
export interface Section {
  readonly title: string;
  /** The nodes of this section; identical output of several nodes appears once. */
  readonly nodes: readonly string[];
  /** The line with the title; the output follows it. */
  readonly start: number;
  /** The last line of the output. */
  readonly end: number;
}

export interface CombinedDocument {
  /** As UTF-8. */
  readonly text: Uint8Array;
  readonly sections: readonly Section[];
}

interface CombinedLimits {
  /** Characters in total: the editor passes no document larger than 50 MB to extensions. */
  readonly characters: number;
  /** Lines in total: the editor does not fold documents with more than 300,000 lines. */
  readonly lines: number;
  readonly linesPerSection: number;
}

const COMBINED_LIMITS: CombinedLimits = {
  characters: 16 * 1024 * 1024,
  lines: 250_000,
  linesPerSection: 20_000,
};

/**
 * One document with all output of a run, node by node, in the order of their names.
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
 * The same without times, which would differ even between two runs with the same results.
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
 * One document with all output of a run, identical output only once, largest group first. Where
 * differences are ignored, a note says so, and each group shows the output of its first node.
 * @param now milliseconds since the epoch
 */
export function combineByGroup(
  run: Run,
  now: number,
  grouping: OutputGrouping = run.groupings.exact,
  limits = COMBINED_LIMITS,
): Promise<CombinedDocument> {
  return combine(
    run,
    groupParts(run, now, grouping.groups(run.ledger)),
    limits,
    groupNote(grouping.ignored),
  );
}

/** Ten thousand titles take time: each is created together with its section. */
function* nodeParts({ ledger }: Run, words: (result: NodeResult) => string): Generator<Part> {
  const results = [...ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
  for (const result of results) {
    const { node } = result;
    yield { title: `${displayName(node)} · ${words(result)}`, nodes: [node], representative: node };
  }
}

function* groupParts(run: Run, now: number, groups: readonly OutputGroup[]): Generator<Part> {
  const common = markedGroup(groups);
  for (const group of groups) {
    if (group.code === undefined) {
      yield* unfinishedParts(run, group.nodes, now);
      continue;
    }
    const [representative] = group.nodes;
    const words = [describeExit(run.ledger.get(representative) ?? {})];
    if (group === common) words.push(mostCommonLabel());
    yield { title: sharedTitle(group.nodes, words), nodes: group.nodes, representative };
  }
}

/** Nodes that did not exit have the same status, but each has output of its own so far. */
function* unfinishedParts(run: Run, nodes: readonly string[], now: number): Generator<Part> {
  const words = (node: string) => {
    const result = run.ledger.get(node);
    return result ? describeState(result, run.ledger.end, now) : '';
  };
  const [withOutput, withoutOutput] = partition(nodes, (node) => run.output.size(node) > 0);
  for (const node of withOutput) {
    yield { title: `${displayName(node)} · ${words(node)}`, nodes: [node], representative: node };
  }
  const [first] = withoutOutput;
  if (first === undefined) return;
  yield {
    title: sharedTitle(withoutOutput, [words(first)]),
    nodes: withoutOutput,
    representative: first,
  };
}

function sharedTitle(nodes: readonly string[], words: readonly string[]): string {
  const names = nodes.map(displayName).join(', ');
  const count = nodes.length === 1 ? [] : [t('{0} nodes', nodes.length)];
  return [...count, ...words, names].join(' · ');
}

function partition<T>(items: readonly T[], matches: (item: T) => boolean): [T[], T[]] {
  return [items.filter(matches), items.filter((item) => !matches(item))];
}

interface Part {
  readonly title: string;
  readonly nodes: readonly string[];
  /** The node whose output is shown for all of them. */
  readonly representative: string;
}

async function combine(
  { info, ledger, output }: Run,
  parts: Iterable<Part>,
  limits: CombinedLimits,
  /** Appears before the sections. */
  note = '',
): Promise<CombinedDocument> {
  const maybeYield = createYielder();
  const text = new TextBlocks();
  const notes = note === '' ? [] : [note];
  for (const line of [displayName(info.title), ...summarize(ledger).split('\n'), ...notes, '']) {
    text.add(line);
  }
  const sections: Section[] = [];
  for (const { title, nodes, representative } of parts) {
    await maybeYield();
    const start = text.lines;
    text.add(`── ${title} ──`);
    const most = Math.min(text.lines + limits.linesPerSection, limits.lines);
    const fits = ({ length }: string) =>
      text.lines < most && text.characters + length <= limits.characters;
    if (
      output.size(representative) > 0 &&
      !(await addOutput(text, output, representative, fits, maybeYield))
    ) {
      text.add(
        t(
          "… The output continues. Open the node's document to read all {0} bytes.",
          output.size(representative),
        ),
      );
    }
    sections.push({ title, nodes, start, end: text.lines - 1 });
    text.add('');
  }
  return { text: text.end(), sections };
}

/** @returns whether the whole output was added */
async function addOutput(
  text: TextBlocks,
  output: OutputReader,
  node: string,
  fits: (line: string) => boolean,
  maybeYield: MaybeYield,
): Promise<boolean> {
  // Read nothing when the document is full: ten thousand outputs can be long.
  if (!fits('')) return false;
  for await (const lines of outputLines(output, node)) {
    await maybeYield();
    for (const line of lines) {
      if (!fits(line)) return false;
      text.add(line);
    }
  }
  return true;
}

/** How much text is encoded at a time: encoding the whole text at once would block the event loop. */
const BLOCK_CHARACTERS = 64 * 1024;

/** Builds a text line by line. */
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
