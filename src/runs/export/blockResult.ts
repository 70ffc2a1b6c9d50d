import { t } from '@vscode/l10n';
import { foldedText } from '../../base/fold/foldNames.ts';
import { displayName } from '../../base/displayName.ts';
import { createYielder } from '../../base/yielder.ts';
import type { OutputGrouping } from '../grouping/outputGrouping.ts';
import { outputLines } from '../output/outputLines.ts';
import type { OutputReader } from '../output/outputStore.ts';
import type { Run } from '../run.ts';
import { literalLine } from '../text/displayText.ts';
import { describeDuration, describeProgress } from '../text/stateText.ts';
import { isoTime } from '../text/time.ts';
import { resultWords } from './resultWords.ts';
import { takeSnapshot } from './snapshot.ts';

/** What a summary shows: it stands in a document between the paragraphs of people. */
const LIMITS = { groups: 5, lines: 10, characters: 200 };

/**
 * A run in a few lines of plain text, to put below the block that it ran: its counts, and each group of
 * nodes with the first lines of its output.
 * @param now milliseconds since the epoch
 */
export async function blockResult(
  source: Run,
  now: number,
  grouping: OutputGrouping = source.groupings.exact,
): Promise<string[]> {
  const maybeYield = createYielder();
  const run = takeSnapshot(source, grouping);
  const { info, ledger, groups } = run;
  const took = ledger.finishedAt === undefined ? [] : [ledger.finishedAt - info.createdAt];
  const place = [info.connection, info.datacenters.join(', ')].join(' · ');
  const lines = [
    [isoTime(info.createdAt), place].join(' · '),
    [describeProgress(ledger), ...took.map(describeDuration)].join(' · '),
  ];
  for (const { nodes } of groups.slice(0, LIMITS.groups)) {
    const [first] = nodes;
    const result = ledger.get(first);
    lines.push('', `${displayName(foldedText(nodes))}: ${resultWords(run, result, now)}`);
    if (nodes.length > 1 && result?.code === undefined) continue;
    for await (const line of firstLines(run.output, first)) lines.push(`  ${line}`);
    await maybeYield();
  }
  const more = groups.length - LIMITS.groups;
  if (more > 0) {
    lines.push('', more === 1 ? t('1 more group') : t('{0} more groups', more));
  }
  return lines;
}

async function* firstLines(output: OutputReader, node: string): AsyncGenerator<string> {
  let left = LIMITS.lines;
  for await (const batch of outputLines(output, node)) {
    for (const line of batch) {
      if (left-- === 0) {
        yield '…';
        return;
      }
      const text = literalLine(line);
      yield text.length > LIMITS.characters
        ? `${text.slice(0, LIMITS.characters).toWellFormed()}…`
        : text;
    }
  }
}
