import { DEFAULT_ENCODING } from '../../base/encoding.ts';

/** The encodings that the user chose for a run: labels of `TextDecoder`. */
export interface ChosenEncodings {
  /** For all nodes without an encoding of their own. */
  readonly all?: string | undefined;
  readonly nodes?: Readonly<Record<string, string>> | undefined;
}

/** The encodings in which the nodes of a run write. The bytes stay as they are. */
export class OutputEncodings {
  #standard = DEFAULT_ENCODING;
  #chosen: ChosenEncodings = {};

  of(node: string): string {
    const { all, nodes } = this.#chosen;
    return (nodes && Object.hasOwn(nodes, node) ? nodes[node] : undefined) ?? all ?? this.#standard;
  }

  /** The encoding of nodes for which the user chose none. */
  get standard(): string {
    return this.#standard;
  }

  /** What the user chose. */
  get chosen(): ChosenEncodings {
    return this.#chosen;
  }

  /** @param standard the encoding of the connection @returns whether anything changed */
  set(chosen: ChosenEncodings, standard = DEFAULT_ENCODING): boolean {
    const before = JSON.stringify([this.#chosen, this.#standard]);
    this.#chosen = chosen;
    this.#standard = standard;
    return JSON.stringify([chosen, standard]) !== before;
  }
}
