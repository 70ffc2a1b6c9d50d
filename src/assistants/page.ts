import { type AnswerText, jsonBytes } from './answerText.ts';
import { ToolInputError } from './inputError.ts';

/** The most bytes of one answer, as JSON in UTF-8. An assistant pays for every byte that it reads. */
export const MAX_ANSWER_BYTES = 8 * 1024;

/** What a request says about the page that it wants. */
export interface PageRequest {
  /** The `next` of the page before; undefined for the first page. */
  readonly cursor: string | undefined;
  readonly texts: AnswerText;
}

/** One page of a list, with what the answer says besides. */
export type Paged<Base, Key extends string, Item> = Base &
  Readonly<Record<Key, readonly Item[]>> & {
    /** Where the next page begins: to be sent as `cursor`. */
    readonly next?: string;
  };

/** Room for `,"next":"…"`. */
const NEXT_BYTES = 64;

/**
 * As many items as an answer has room for, from the cursor on, and at least one.
 * @param base what the answer says besides; small enough to leave room
 * @param describe makes what the answer says of an item; small enough for an answer
 * @throws ToolInputError for a cursor that is none
 */
export async function fillPage<Base extends object, Key extends string, Value, Item>(
  { cursor, texts }: PageRequest,
  base: Base,
  key: Key,
  values: readonly Value[],
  describe: (value: Value) => Item | Promise<Item>,
): Promise<Paged<Base, Key, Item>> {
  const from = readIndex(cursor, values.length);
  const items: Item[] = [];
  const head = texts.answer(base);
  let bytes = jsonBytes({ ...head, [key]: [] }) + NEXT_BYTES;
  let index = from;
  for (const value of values.slice(from)) {
    const item = texts.answer(await describe(value));
    bytes += jsonBytes(item) + 1;
    if (bytes > MAX_ANSWER_BYTES && items.length > 0) break;
    items.push(item);
    index++;
  }
  const next = index < values.length ? { next: String(index) } : {};
  return { ...head, [key]: items, ...next } as Paged<Base, Key, Item>;
}

/** @throws ToolInputError */
function readIndex(cursor: string | undefined, length: number): number {
  if (cursor === undefined) return 0;
  const index = /^\d{1,9}$/.test(cursor) ? Number(cursor) : length + 1;
  if (index <= length) return index;
  throw new ToolInputError('"cursor" must be the "next" of the page before, of the same list.');
}
