import { type CutText, cutText, jsonBytes } from '../answerText.ts';
import { ToolInputError } from '../inputError.ts';
import { MAX_ANSWER_BYTES, type PageRequest } from '../page.ts';

/** A place in a text: the line from 1, and how much of that line is before it. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** Lines in batches. */
type Batches = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

/** A part of a text that fits into an answer. */
interface TextPart {
  readonly fromLine: number;
  readonly text: string;
  /** Where the next part begins: to be sent as `cursor`. */
  readonly next: string | undefined;
}

/** Room for the keys, and for the places. */
const OTHER_BYTES = 128;

/**
 * As much of a text as an answer has room for.
 * @param base what the answer says besides
 * @throws ToolInputError for a cursor that is none
 */
export async function textPage(
  { cursor, texts }: PageRequest,
  base: object,
  batches: Batches,
): Promise<TextPart> {
  const start = readPlace(cursor);
  let room = MAX_ANSWER_BYTES - jsonBytes(texts.answer(base)) - OTHER_BYTES;
  let text = '';
  for await (const { line, content } of linesFrom(start.line, batches)) {
    const whole = texts.withoutSecrets(content);
    let column = line === start.line ? Math.min(start.column, whole.length) : 0;
    // A line that has no room for itself is cut; any other begins the next page.
    const part = pieceOf(whole, column, room, text === '');
    if (!part) return partOf(start, text, { line, column });
    text += part.text;
    column += part.length;
    if (column < whole.length) return partOf(start, text, { line, column });
    text += '\n';
    room -= jsonBytes(part.text);
  }
  return partOf(start, text, undefined);
}

function partOf({ line }: Place, text: string, next: Place | undefined): TextPart {
  return { fromLine: line, text, next: next && `${next.line}:${next.column}` };
}

function pieceOf(
  line: string,
  column: number,
  room: number,
  isFirst: boolean,
): CutText | undefined {
  if (room < 2) return undefined;
  const piece = cutText(line.slice(column, column + room), room - 2);
  return isFirst || column + piece.length >= line.length ? piece : undefined;
}

async function* linesFrom(first: number, batches: Batches) {
  let line = 0;
  for await (const batch of batches) {
    for (const content of batch) if (++line >= first) yield { line, content };
  }
}

function readPlace(cursor: string | undefined): Place {
  const [, line, column] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(cursor ?? '1') ?? [];
  if (line === undefined) {
    throw new ToolInputError('"cursor" must be the "next" of the page before, or a line number.');
  }
  return { line: Math.max(1, Number(line)), column: Number(column ?? 0) };
}
