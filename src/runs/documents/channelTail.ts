/**
 * A visible channel is a document, and VS Code passes its text to every extension again and again:
 * 20 MB of it blocked the extension host for half a second, 1 MB for 15 ms. All of the output is in the
 * nodes' own documents.
 */
export const MAX_CHANNEL_CHARACTERS = 1024 * 1024;
/**
 * VS Code writes everything that a channel ever showed to a file. Once the channel is full, this is the
 * most that one update shows of what came since the one before.
 */
const MAX_UPDATE_CHARACTERS = 128 * 1024;

/** What to do with a channel: add a text, or replace all of its text. */
export interface ChannelUpdate {
  readonly kind: 'append' | 'replace';
  readonly text: string;
}

/** The newest lines of a channel, up to a limit: below its first line, a line says that others are left out. */
export class ChannelTail {
  readonly #note: string;
  readonly #maxCharacters: number;
  #first: string | undefined;
  /** What the channel shows, without its first line. */
  #shown = new Lines();
  /** What it does not show yet. */
  #pending = new Lines();
  #isFull = false;
  /** Whether a pending line was dropped. */
  #hasDropped = false;

  /** @param note the line that says that earlier lines are left out */
  constructor(note: string, maxCharacters = MAX_CHANNEL_CHARACTERS) {
    this.#note = note;
    this.#maxCharacters = maxCharacters;
  }

  /** Whether lines have been left out. Then updates should be less frequent. */
  get isFull(): boolean {
    return this.#isFull;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) this.#pending.add(line);
    const most = this.#isFull ? MAX_UPDATE_CHARACTERS : this.#maxCharacters;
    // Not for each line, since the rest is copied.
    if (this.#pending.characters <= 2 * most) return;
    this.#first ??= this.#pending.all[0];
    this.#pending = this.#pending.newest(most);
    this.#hasDropped = true;
  }

  /** @returns how to show the lines that were added since the last call; undefined if there are none */
  take(): ChannelUpdate | undefined {
    const pending = this.#pending;
    if (pending.all.length === 0) return undefined;
    this.#pending = new Lines();
    const isWhole = !this.#hasDropped;
    this.#hasDropped = false;
    const start = this.#first === undefined ? pending.shift() : [];
    this.#first ??= start[0];
    if (isWhole && this.#shown.characters + pending.characters <= this.#maxCharacters) {
      for (const line of pending.all) this.#shown.add(line);
      return {
        kind: 'append',
        text: `${start.map((line) => `${line}\n`).join('')}${pending.text}`,
      };
    }
    this.#isFull = true;
    if (isWhole) {
      for (const line of pending.all) this.#shown.add(line);
      // Half of the limit, so that not every update replaces everything.
      this.#shown = this.#shown.newest(this.#maxCharacters / 2);
    } else {
      this.#shown = pending;
    }
    return { kind: 'replace', text: `${this.#first ?? ''}\n${this.#note}\n${this.#shown.text}` };
  }

  clear(): void {
    this.#first = undefined;
    this.#shown = new Lines();
    this.#pending = new Lines();
    this.#isFull = false;
    this.#hasDropped = false;
  }
}

class Lines {
  readonly all: string[] = [];
  characters = 0;

  get text(): string {
    return this.all.map((line) => `${line}\n`).join('');
  }

  add(line: string): void {
    this.all.push(line);
    this.characters += line.length + 1;
  }

  /** Removes the first line. */
  shift(): string[] {
    const first = this.all.splice(0, 1);
    for (const line of first) this.characters -= line.length + 1;
    return first;
  }

  /** The last lines with at most so many characters; at least the last one. */
  newest(maxCharacters: number): Lines {
    let start = this.all.length;
    let left = maxCharacters;
    do {
      start--;
      left -= (this.all[start] ?? '').length + 1;
    } while (start > 0 && left - (this.all[start - 1] ?? '').length - 1 >= 0);
    const newest = new Lines();
    for (const line of this.all.slice(Math.max(0, start))) newest.add(line);
    return newest;
  }
}
