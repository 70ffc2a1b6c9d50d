/**
 * Gossip reaches 14 agents within 0.25 to 0.55 s (PROTOCOL.md §2.7), and its time grows with the
 * logarithm of their number. A node that is fenced too early loses nothing: it is told again.
 */
const MIN_PATIENCE_MS = 800;
const PATIENCE_PER_DECADE_MS = 500;

/** Beyond these, nodes do not miss an event by chance: they do not take part in remote exec. */
const FEW_NODES = 20;
const MAX_SHARE = 0.25;

/**
 * How long no node acknowledges the job before the missing ones count as overdue.
 * @param nodes how many were told
 * @param minimumMs the least the user wants to wait
 */
export function overdueAfterMs(nodes: number, minimumMs: number): number {
  const gossipMs = MIN_PATIENCE_MS + PATIENCE_PER_DECADE_MS * Math.log10(Math.max(1, nodes));
  return Math.max(gossipMs, minimumMs);
}

/** Whether telling these nodes once more is worth its writes. */
export function mayAnnounceAgain(overdue: number, targets: number): boolean {
  return overdue <= Math.max(FEW_NODES, MAX_SHARE * targets);
}
