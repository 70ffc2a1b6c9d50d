/** What the nodes of a run wrote, byte for byte. */
export class OutputStore {
  readonly #chunks = new Map<string, Uint8Array[]>();
  #bytes = 0;

  append(node: string, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    const chunks = this.#chunks.get(node);
    if (chunks) chunks.push(bytes);
    else this.#chunks.set(node, [bytes]);
  }

  /** All that the node wrote so far; empty when it wrote nothing. */
  read(node: string): Uint8Array {
    return Buffer.concat(this.#chunks.get(node) ?? []);
  }

  /** Bytes of all nodes. */
  get bytes(): number {
    return this.#bytes;
  }
}
