import { standingOf } from '../nodeResult.ts';
import { outputLines } from '../outputLines.ts';
import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { isoTime, sortedResults } from './exportedRun.ts';
import { type RunSnapshot, takeSnapshot } from './snapshot.ts';

export interface CsvOptions {
  /** Excel takes a file for UTF-8 only when it begins with this mark; other readers may stumble. */
  readonly byteOrderMark?: boolean;
}

/** Excel takes no more characters in a cell. */
const LONGEST_CELL = 32_767;
const ELLIPSIS = '…';

const COLUMNS = [
  'node',
  'standing',
  'state',
  'exit_code',
  'unexpected',
  'since',
  'last_sign',
  'exited',
  'bytes',
  'output',
] as const;

/**
 * A run as CSV (RFC 4180), a row for each node. Output is cut to what a cell can hold, without
 * escape sequences, and can never become a formula that calls anything, whichever of comma, semicolon
 * and tab a spreadsheet parts the columns by.
 */
export async function* exportCsv(
  going: Run,
  { byteOrderMark = true }: CsvOptions = {},
): AsyncGenerator<string, void> {
  const turn = takeTurns();
  const run = takeSnapshot(going);
  await turn();
  yield (byteOrderMark ? '\ufeff' : '') + row(COLUMNS);
  for (const result of sortedResults(run)) {
    const { node, state, code, unexpected, since, lastSign, exitedAt } = result;
    yield row([
      textCell(node),
      standingOf(result),
      state,
      // A number we wrote ourselves: -1 is no formula.
      code === undefined ? '' : String(code),
      String(unexpected),
      isoTime(since),
      lastSign === undefined ? '' : isoTime(lastSign),
      exitedAt === undefined ? '' : isoTime(exitedAt),
      String(run.output.size(node)),
      textCell(await cellText(run, node)),
    ]);
    await turn();
  }
}

async function cellText(run: RunSnapshot, node: string): Promise<string> {
  let text = '';
  for await (const lines of outputLines(run.output, node)) {
    text += `${lines.join('\n')}\n`;
    if (text.length > LONGEST_CELL) break;
  }
  return text.replace(/\n$/, '');
}

/**
 * What a spreadsheet takes for the beginning of a formula, after the space that some skip; the wide
 * forms count where East Asian keyboards are in use.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * Where a cell would begin for a reader that parts columns by semicolons or tabs, as Excel does in
 * much of Europe: quotes in the middle of its columns mean nothing to it. Only what calls something
 * counts, or each line of `ls -l` would be marked. No two attempts read the same text.
 */
const FORMULA_WITHIN = /(?<=[;\t\r\n])[^\S\t\r\n]*[=+\-@＝＋－＠][^;\t\r\n(!|]*[(!|]/g;

/** A text from outside, made harmless with the apostrophe that spreadsheets mark texts with. */
function textCell(text: string): string {
  const guarded = text.slice(0, LONGEST_CELL + 1).replace(FORMULA_WITHIN, "'$&");
  const safe = FORMULA.test(guarded) ? `'${guarded}` : guarded;
  if (safe.length <= LONGEST_CELL) return safe;
  return safe.slice(0, LONGEST_CELL - ELLIPSIS.length).toWellFormed() + ELLIPSIS;
}

function row(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
