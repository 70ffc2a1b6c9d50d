import { t } from '@vscode/l10n';
import { closestWord } from '../targeting/names/closestWord.ts';
import {
  type Directive,
  DIRECTIVE_KEYS,
  type DirectiveEntry,
  type DirectiveKey,
  type DirectiveProblem,
  isDirectiveKey,
  type TextPlace,
} from './directive.ts';
import { valueProblem } from './directiveValues.ts';
import type { HeadLine } from './scriptHead.ts';

const NAME = /^consul-exec:[ \t]*/i;

/** A text that can hold a directive, and where it is. */
export type DirectiveText = HeadLine;

/**
 * What is written in some texts that belong together. Texts that don't begin with `consul-exec:` are
 * passed over. Whether its keys go together shows only with what it inherits (`inheritDirectives`).
 */
export function readDirective(texts: readonly DirectiveText[]): Directive {
  const words = texts.flatMap((text) => [...wordsOf(text)]);
  const entries: DirectiveEntry[] = [];
  const problems: DirectiveProblem[] = [];
  for (const word of words) {
    const problem = problemOf(word, entries);
    if (problem) problems.push(problem);
    else if (!entries.some(({ key }) => key === word.key)) entries.push(entryOf(word));
  }
  return { entries, problems };
}

/** `key=value`, or what stands in its place. */
interface Word {
  /** Undefined without a `=`. */
  readonly key: string | undefined;
  readonly value: string;
  readonly isUnclosed: boolean;
  readonly place: TextPlace;
  readonly keyPlace: TextPlace;
  readonly valuePlace: TextPlace;
  /** The rest of the line from the value on, if the value is not in quotes. */
  readonly rest: TextPlace & { readonly text: string };
}

/** A key, and a value in double quotes, in single quotes, or without. */
const WORD = /(?:([\w-]+)=)?("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"']\S*)?/y;

function* wordsOf({ line, text, column }: DirectiveText): Generator<Word> {
  const [name] = NAME.exec(text) ?? [];
  if (name === undefined) return;
  let from = name.length;
  for (;;) {
    while (/\s/.test(text[from] ?? '')) from++;
    if (from >= text.length) return;
    WORD.lastIndex = from;
    const [whole = '', key, raw = ''] = WORD.exec(text) ?? [];
    const to = from + Math.max(whole.length, 1);
    const valueFrom = from + whole.length - raw.length;
    const place = (start: number, end: number) => ({
      line,
      from: column + start,
      to: column + end,
    });
    yield {
      key,
      value: unquoted(raw),
      isUnclosed: /^(["'])(?:.*[^\\])?$/.test(raw) && !/^(["']).*\1$/.test(raw.padStart(2)),
      place: place(from, to),
      keyPlace: place(from, from + (key?.length ?? to - from)),
      valuePlace: place(valueFrom, Math.max(to, valueFrom)),
      rest: { ...place(valueFrom, text.length), text: text.slice(valueFrom) },
    };
    from = to;
  }
}

function unquoted(raw: string): string {
  if (raw.startsWith('"')) return raw.replace(/^"|(?<!\\)"$/g, '').replace(/\\(["\\])/g, '$1');
  return raw.startsWith("'") ? raw.replace(/^'|'$/g, '') : raw;
}

function entryOf({ key, value, valuePlace }: Word): DirectiveEntry {
  return { key: key as DirectiveKey, value, place: valuePlace };
}

function problemOf(word: Word, entries: readonly DirectiveEntry[]): DirectiveProblem | undefined {
  const { key, value, place, keyPlace, valuePlace, isUnclosed } = word;
  if (key === undefined) return strayProblem(word, entries.at(-1));
  if (!isDirectiveKey(key)) {
    const closest = closestWord(key, DIRECTIVE_KEYS);
    return {
      place: keyPlace,
      message: t('"{0}" is not a key. Use {1}.', key, DIRECTIVE_KEYS.join(', ')),
      fix: closest,
    };
  }
  if (isUnclosed) {
    return { place: valuePlace, message: t('The value of "{0}" has no closing quote.', key) };
  }
  if (value.trim() === '') {
    return { place, message: t('"{0}" has no value. Add one, or remove the key.', key) };
  }
  const before = entries.find((entry) => entry.key === key);
  if (before && before.value !== value) {
    return {
      place,
      message: t(
        '"{0}" contradicts the one in line {1}. Keep one of them.',
        key,
        before.place.line + 1,
      ),
    };
  }
  const message = valueProblem(key, value);
  return message === undefined ? undefined : { place: valuePlace, message };
}

/** A word without a key: mostly a value with spaces that lacks quotes. */
function strayProblem(word: Word, before: DirectiveEntry | undefined): DirectiveProblem {
  const { place, rest } = word;
  const isPartOfValue = before?.place.line === place.line;
  if (!isPartOfValue) {
    return { place, message: t('Write keys as in "service=web".') };
  }
  const { key, value } = before;
  return {
    place: { line: place.line, from: before.place.from, to: rest.to },
    message: t('A value with spaces needs quotes: {0}.', `${key}='…'`),
    fix: quoted(`${value} ${rest.text}`),
  };
}

/** A value as a directive has it: in quotes where it needs them. */
export function quoted(value: string): string {
  if (/^[^\s"']+$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\]/g, '\\$&')}"` : `'${value}'`;
}
