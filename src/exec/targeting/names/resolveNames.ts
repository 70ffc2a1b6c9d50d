import type { AddressRange } from './addresses.ts';
import { editDistance } from './closestWord.ts';
import type { KnownNodes } from './knownNodes.ts';
import type { Steps } from './steps.ts';

/** What a list of names means in a catalog. */
export interface ResolvedNames {
  /** Labels of known nodes, in the order they were given, each once. */
  readonly names: readonly string[];
  /** Given names that are not in the catalog as they are. */
  readonly doubts: readonly NameDoubt[];
  /** Names that were given more than once. */
  readonly repeated: readonly string[];
  /** Ranges of addresses. */
  readonly ranges: readonly AddressRange[];
}

export interface NameDoubt {
  readonly given: string;
  /**
   * Labels of nodes that can be meant: exactly one that differs in case or is the same host with or
   * without its domain is taken; several, or similar ones, are only offered.
   */
  readonly candidates: readonly string[];
  /** Whether the name is that of several nodes; else it is that of none. */
  readonly isAmbiguous: boolean;
  /** The one that was taken; undefined where the user has to decide. */
  readonly taken?: string | undefined;
}

/** Similar names to offer for one that is unknown. */
const MAX_SIMILAR = 3;
const MAX_EDITS = 2;
/** Names are compared with every known one, which takes long for a list of unknown names. */
const MAX_COMPARED = 20;

/**
 * Finds given names among nodes: exactly, else by address, else ignoring case, else by host name where one
 * of both has a domain. Nothing else is guessed.
 */
export function* resolvingNames(given: readonly string[], known: KnownNodes): Steps<ResolvedNames> {
  const index = new NameIndex(known);
  const names = new Set<string>();
  const doubts: NameDoubt[] = [];
  let compared = 0;
  yield* known.indexing();
  const read = new Set<string>();
  const repeated = new Set<string>();
  const ranges: AddressRange[] = [];
  for (const name of given) {
    yield;
    if (read.has(name)) {
      repeated.add(name);
      continue;
    }
    read.add(name);
    const exact = known.named(name);
    const [only = ''] = exact;
    if (exact.length === 1) {
      names.add(only);
      continue;
    }
    const addressed = exact.length === 0 ? yield* known.findingAddress(name) : undefined;
    if (addressed) {
      for (const label of addressed) names.add(label);
      if (name.includes('/')) ranges.push({ given: name, count: addressed.length });
      if (addressed.length === 0) doubts.push({ given: name, candidates: [], isAmbiguous: false });
      continue;
    }
    if (exact.length === 0) yield* index.build();
    const alike = exact.length > 1 ? exact : index.alike(name);
    const taken = alike.length === 1 ? alike[0] : undefined;
    if (taken !== undefined) names.add(taken);
    const isUnknown = alike.length === 0;
    const candidates =
      isUnknown && compared++ < MAX_COMPARED ? yield* index.findingSimilar(name) : alike;
    doubts.push({ given: name, candidates, isAmbiguous: alike.length > 1, taken });
  }
  return { names: [...names], doubts, repeated: [...repeated], ranges };
}

type Labels = ReadonlyMap<string, readonly string[]>;

/** Labels by the ways people shorten names. */
class NameIndex {
  readonly #known: KnownNodes;
  #byLower: Labels = new Map();
  #byHost: Labels | undefined;

  constructor(known: KnownNodes) {
    this.#known = known;
  }

  /** Call this before the others. It takes long for many nodes, and most lists don't need it. */
  *build(): Steps<void> {
    if (this.#byHost) return;
    this.#byLower = yield* this.#known.groupingBy((known) => known.toLowerCase());
    this.#byHost = yield* this.#known.groupingBy(hostOf);
  }

  /** Labels of nodes whose names differ in case, or in having a domain. */
  alike(name: string): readonly string[] {
    const sameLetters = this.#byLower.get(name.toLowerCase());
    if (sameLetters) return sameLetters;
    // `root@web-01`, as for ssh.
    const [, host] = /^\w+@(.+)$/.exec(name) ?? [];
    if (host !== undefined && this.#known.named(host).length > 0) return this.#known.named(host);
    const sameHost = this.#byHost?.get(hostOf(name)) ?? [];
    // Two names with different domains are two machines.
    return sameHost.filter((candidate) => !candidate.includes('.') || !name.includes('.'));
  }

  *findingSimilar(name: string): Steps<readonly string[]> {
    const lower = name.toLowerCase();
    const near: { readonly candidate: string; readonly edits: number }[] = [];
    for (const candidate of this.#known.labels) {
      yield;
      if (Math.abs(candidate.length - name.length) > MAX_EDITS) continue;
      const edits = editDistance(lower, candidate.toLowerCase(), MAX_EDITS);
      if (edits <= MAX_EDITS) near.push({ candidate, edits });
    }
    near.sort((a, b) => a.edits - b.edits);
    return near.slice(0, MAX_SIMILAR).map(({ candidate }) => candidate);
  }
}

function hostOf(name: string): string {
  return name.toLowerCase().split('.', 1)[0] ?? '';
}
