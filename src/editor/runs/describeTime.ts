/**
 * The time of day, with the date when that is not today.
 * @param exact with seconds, to tell apart what happened close together
 */
export function describeTime(at: number, exact = false): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const timeStyle = exact ? 'medium' : 'short';
  return isToday
    ? date.toLocaleTimeString([], { timeStyle })
    : date.toLocaleString([], { dateStyle: 'short', timeStyle });
}
