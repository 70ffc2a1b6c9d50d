/** The word that a misspelt one most likely is: at most two letters differ. */
export function closestWord(text: string, words: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  const near = words
    .map((word) => ({ word, edits: editDistance(lower, word.toLowerCase(), MAX_EDITS) }))
    .filter(({ edits }) => edits <= MAX_EDITS)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.word;
}

const MAX_EDITS = 2;

/** How many characters to insert, delete or replace; any number above `limit` means more than that. */
export function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}
