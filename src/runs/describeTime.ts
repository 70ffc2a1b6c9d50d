/**
 * The time of day, with the date when that is not today.
 * @param at milliseconds since the epoch
 * @param exact with seconds, to tell apart what happened close together
 */
export function describeTime(at: number, exact = false, now = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  const timeStyle = exact ? 'medium' : 'short';
  return isToday
    ? date.toLocaleTimeString([], { timeStyle })
    : date.toLocaleString([], { dateStyle: 'short', timeStyle });
}
