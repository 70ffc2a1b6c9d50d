/** A shorter text could be a word that occurs anywhere. */
const MIN_LENGTH = 6;

const HIDDEN = '[secret]';

/** Secrets that were used in this window, to keep them out of texts that leave it. */
export class KnownSecrets {
  readonly #values = new Set<string>();

  add(...values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value !== undefined && value.length >= MIN_LENGTH) this.#values.add(value);
    }
  }

  /** The text with something else in the place of each secret. */
  hideIn(text: string): string {
    let hidden = text;
    // The longest first: one can be a part of another.
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) {
      hidden = hidden.replaceAll(value, HIDDEN);
    }
    return hidden;
  }
}
