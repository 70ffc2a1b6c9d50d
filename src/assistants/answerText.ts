import { visibleText } from './visibleText.ts';

/** No name in Consul or the settings is that long in earnest. */
const MAX_NAME_BYTES = 200;

/** The beginning of a text. */
export interface CutText {
  readonly text: string;
  /** How much of the original text that is, in UTF-16 units. */
  readonly length: number;
  readonly isCut: boolean;
}

/** Makes texts of an answer safe to read: without secrets, visible, and no longer than there is room. */
export class AnswerText {
  readonly #withoutSecrets: (text: string) => string;

  /** @param withoutSecrets replaces secrets in a text */
  constructor(withoutSecrets: (text: string) => string) {
    this.#withoutSecrets = withoutSecrets;
  }

  /** A text of which parts are cut afterwards: a part of a secret would not be found. */
  withoutSecrets(text: string): string {
    return this.#withoutSecrets(text);
  }

  whole(text: string): string {
    return visibleText(this.#withoutSecrets(text));
  }

  /** @param maxBytes as JSON in UTF-8, without quotes */
  cut(text: string, maxBytes: number): CutText {
    return cutText(this.#withoutSecrets(text), maxBytes);
  }

  short(text: string, maxBytes: number): string {
    return this.cut(text, maxBytes).text;
  }

  name(text: string): string {
    return this.short(text, MAX_NAME_BYTES);
  }

  /** The same answer, with all of its texts clean, so that none is forgotten. */
  answer<T>(value: T): T {
    return this.#clean(value) as T;
  }

  #clean(value: unknown): unknown {
    if (typeof value === 'string') return this.whole(value);
    if (Array.isArray(value)) return value.map((item) => this.#clean(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.whole(key), this.#clean(item)]),
    );
  }
}

/** The beginning of a text, made visible. */
export function cutText(text: string, maxBytes: number): CutText {
  let visible = '';
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    const shown = visibleText(character);
    bytes += jsonBytes(shown) - 2;
    if (bytes > maxBytes) break;
    visible += shown;
    length += character.length;
  }
  return { text: visible, length, isCut: length < text.length };
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
