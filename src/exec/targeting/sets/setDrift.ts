/** How the nodes of a set differ from those when it was saved. */
export interface SetDrift {
  /** How many nodes it had. */
  readonly was: number;
  /** How many of its nodes can respond now. */
  readonly now: number;
  /** Labels of nodes that it had and no longer has. */
  readonly gone: readonly string[];
  /** Labels of nodes that it didn't have. */
  readonly added: readonly string[];
  /** Labels of nodes that it had and still has, but that can't respond. */
  readonly cannotRespond: readonly string[];
}

/** Labels of the nodes that a set has now. */
interface CurrentNodes {
  readonly reached: readonly string[];
  readonly unreachable: readonly string[];
}

/** @returns undefined if nothing has changed */
export function findDrift(
  former: readonly string[],
  { reached, unreachable }: CurrentNodes,
): SetDrift | undefined {
  const was = new Set(former);
  const now = new Set([...reached, ...unreachable]);
  const gone = [...was.difference(now)].sort();
  const added = [...now.difference(was)].sort();
  const cannotRespond = unreachable.filter((label) => was.has(label)).sort();
  if (gone.length + added.length + cannotRespond.length === 0) return undefined;
  return { was: was.size, now: reached.length, gone, added, cannotRespond };
}
