/** The results of a suite, as in the JSON line. */
export interface Figures {
  readonly [name: string]: Figure;
}
export type Figure = number | string | boolean | null | Figures | readonly Figure[];

/** The median of several measurements; for an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return (low + high) / 2;
}

/** Rounds to three significant digits: more would be noise. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(3)) : value;
}

/** Prints a table with aligned columns, numbers to the right. */
export function printTable(title: string, rows: readonly Readonly<Record<string, Figure>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join('  '),
  );
  process.stdout.write(`\n${title}\n\n${lines.join('\n')}\n`);
}

function cell(value: Figure | undefined): string {
  if (typeof value === 'number') return String(rounded(value));
  return typeof value === 'string' ? value : '';
}

export const MB = 1e6;
