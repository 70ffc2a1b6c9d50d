import { statusOf } from '../model/nodeStatus.ts';
import { outputLines } from '../output/outputLines.ts';
import type { Run } from '../run.ts';
import { createYielder } from '../../base/yielder.ts';
import { isoTime } from '../text/time.ts';
import { sortedResults } from './exportedRun.ts';
import { type RunSnapshot, takeSnapshot } from './snapshot.ts';

export interface CsvOptions {
  /** Excel recognizes UTF-8 only by this mark at the beginning; it can confuse other readers. */
  readonly byteOrderMark?: boolean;
}

/** The maximum number of characters in a cell in Excel. */
const MAX_CELL_LENGTH = 32_767;
const ELLIPSIS = '…';

const COLUMNS = [
  'node',
  'status',
  'state',
  'exit_code',
  'unexpected',
  'attempts',
  'since',
  'last_sign',
  'exited',
  'bytes',
  'output',
] as const;

/**
 * A run as CSV (RFC 4180), a row for each node. Output has no escape sequences and is cut to the maximum
 * length of a cell. It can never become a formula with a call, even in a spreadsheet that separates
 * columns by semicolons or tabs.
 */
export async function* exportCsv(
  source: Run,
  { byteOrderMark = true }: CsvOptions = {},
): AsyncGenerator<string, void> {
  const maybeYield = createYielder();
  const run = takeSnapshot(source);
  await maybeYield();
  yield (byteOrderMark ? '\ufeff' : '') + row(COLUMNS);
  for (const result of sortedResults(run)) {
    const { node, state, code, unexpected, attempts, since, lastSign, exitedAt } = result;
    yield row([
      textCell(node),
      statusOf(result),
      state,
      // Our own number, not output: -1 is not a formula.
      code === undefined ? '' : String(code),
      String(unexpected),
      String(attempts ?? 1),
      isoTime(since),
      lastSign === undefined ? '' : isoTime(lastSign),
      exitedAt === undefined ? '' : isoTime(exitedAt),
      String(run.output.size(node)),
      textCell(await cellText(run, node)),
    ]);
    await maybeYield();
  }
}

async function cellText(run: RunSnapshot, node: string): Promise<string> {
  let text = '';
  for await (const lines of outputLines(run.output, node)) {
    text += `${lines.join('\n')}\n`;
    if (text.length > MAX_CELL_LENGTH) break;
  }
  return text.replace(/\n$/, '');
}

/**
 * Text that a spreadsheet reads as the beginning of a formula, after the space that some of them skip.
 * The full-width forms come from East Asian keyboards.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * The beginning of a formula in a reader that separates columns by semicolons or tabs, as Excel does in
 * much of Europe: it ignores quotes within its columns. Only formulas with a call count, otherwise each
 * line of `ls -l` would be changed. The expression never reads text twice.
 */
const FORMULA_WITHIN = /(?<=[;\t\r\n])[^\S\t\r\n]*[=+\-@＝＋－＠][^;\t\r\n(!|]*[(!|]/g;

/** A text from a node, made harmless with the apostrophe that marks text in spreadsheets. */
function textCell(text: string): string {
  const guarded = text.slice(0, MAX_CELL_LENGTH + 1).replace(FORMULA_WITHIN, "'$&");
  const safe = FORMULA.test(guarded) ? `'${guarded}` : guarded;
  if (safe.length <= MAX_CELL_LENGTH) return safe;
  return safe.slice(0, MAX_CELL_LENGTH - ELLIPSIS.length).toWellFormed() + ELLIPSIS;
}

function row(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
