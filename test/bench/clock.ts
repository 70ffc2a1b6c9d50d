/**
 * Milliseconds on the machine's monotonic clock: the same for every process, and apart from the time
 * of day, which may be set.
 */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
