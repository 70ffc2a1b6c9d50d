/**
 * Every format of a time in this extension. Times are milliseconds since the epoch. The labels are in
 * the user's language and time zone.
 */

/** Creating a format costs as much as hundreds of uses, and each row of a list has a time. */
const formats = new Map<string, Intl.DateTimeFormat>();

const DATE_AND_TIME: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
};

/** For rows: the time of day, with the date unless it is today. */
export function timeLabel(at: number, now = Date.now()): string {
  return relativeLabel(at, now, 'short');
}

/** The same with seconds, to distinguish runs that started shortly after each other. */
export function exactTimeLabel(at: number, now = Date.now()): string {
  return relativeLabel(at, now, 'medium');
}

/** For tooltips: the date and the time with seconds. */
export function fullTimeLabel(at: number): string {
  return format(DATE_AND_TIME).format(at);
}

/** The time of day with seconds, for times of the last minutes. */
export function clockLabel(at: number): string {
  return format({ timeStyle: 'medium' }).format(at);
}

/**
 * For names of files and folders, in local time: the same in every language and on every day, and in
 * order when sorted as text.
 * @returns `2026-03-01`, `14` and `02`
 */
export function sortableMinute(at: number): { day: string; hour: string; minute: string } {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    day: [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-'),
    hour: two(date.getHours()),
    minute: two(date.getMinutes()),
  };
}

/** For exports: ISO 8601 in UTC. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function relativeLabel(at: number, now: number, timeStyle: 'short' | 'medium'): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return format(isToday ? { timeStyle } : { dateStyle: 'short', timeStyle }).format(at);
}

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  let known = formats.get(key);
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat([], options)));
  return known;
}
