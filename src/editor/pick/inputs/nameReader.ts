import type { KnownNodes } from '../../../exec/targeting/names/knownNodes.ts';
import {
  type NamedNodes,
  readManyNames,
  readNames,
} from '../../../exec/targeting/names/nameNotation.ts';

/** A long text is still being read. */
export const READING = Symbol('reading');

/** Longer texts are read in slices, so that the extension host stays responsive. */
const MAX_CHARACTERS_AT_ONCE = 10_000;

/** Reads names in the text of an input, the latest text only. */
export class NameReader {
  readonly #onRead: () => void;
  #stop = new AbortController();
  #text = '';
  #known: KnownNodes | undefined;
  #named: NamedNodes | typeof READING | undefined;

  /** @param onRead called when a long text has been read */
  constructor(onRead: () => void) {
    this.#onRead = onRead;
  }

  read(text: string, known: KnownNodes): NamedNodes | typeof READING | undefined {
    if (text === this.#text && known === this.#known) return this.#named;
    this.#stop.abort();
    this.#text = text;
    this.#known = known;
    if (text.length <= MAX_CHARACTERS_AT_ONCE) return (this.#named = readNames(text, known));
    this.#named = READING;
    this.#stop = new AbortController();
    void this.#readInSlices(text, known, this.#stop.signal);
    return READING;
  }

  dispose(): void {
    this.#stop.abort();
  }

  async #readInSlices(text: string, known: KnownNodes, signal: AbortSignal): Promise<void> {
    try {
      this.#named = await readManyNames(text, known, signal);
      this.#onRead();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
