/**
 * Milliseconds of the machine's monotonic clock. All processes share it, and setting the time of day doesn't
 * affect it.
 */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
