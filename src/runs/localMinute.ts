/**
 * A moment by the clock of this machine, the same on every day and in every language, and in order
 * when sorted as text.
 * @param at milliseconds since the epoch
 * @returns `2026-03-01`, `14` and `02`
 */
export function localMinute(at: number): { day: string; hour: string; minute: string } {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    day: [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-'),
    hour: two(date.getHours()),
    minute: two(date.getMinutes()),
  };
}
