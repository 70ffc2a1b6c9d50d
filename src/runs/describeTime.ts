/** Making one takes the time of hundreds of uses, and each row of a list tells a time. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The time of day, with the date when that is not today.
 * @param at milliseconds since the epoch
 * @param exact with seconds, to tell apart what happened close together
 */
export function describeTime(at: number, exact = false, now = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return format(isToday, exact ? 'medium' : 'short').format(date);
}

function format(isToday: boolean, timeStyle: 'medium' | 'short'): Intl.DateTimeFormat {
  const key = `${isToday} ${timeStyle}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat([], isToday ? { timeStyle } : { dateStyle: 'short', timeStyle });
    formats.set(key, made);
  }
  return made;
}
