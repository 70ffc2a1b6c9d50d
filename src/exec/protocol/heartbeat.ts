/** Each heartbeat is a Raft write, so this limits their number, not their period. */
const MAX_HEARTBEATS_PER_SECOND = 1000 / 15;
const MIN_PERIOD_MS = 1000;
/** With a longer period, a lost node would go unnoticed for minutes. */
export const MAX_HEARTBEAT_PERIOD_MS = 60_000;

/**
 * How often a node writes a sign of life while its job is quiet: a thousand quiet nodes do so every
 * 15 s.
 * @param quietMs the run's quiet time, which is the shortest useful period
 * @param targets how many nodes run the job
 * @returns milliseconds
 */
export function heartbeatPeriod(quietMs: number, targets: number): number {
  const affordableMs = (targets / MAX_HEARTBEATS_PER_SECOND) * 1000;
  return Math.round(
    Math.min(MAX_HEARTBEAT_PERIOD_MS, Math.max(MIN_PERIOD_MS, quietMs, affordableMs)),
  );
}
