/**
 * Removes the indentation that all lines share, and no more: a step of a YAML workflow, or the body of a
 * Python function, runs as it would at the left margin. Lines without text do not count, and tabs and
 * spaces are different characters.
 */
export function dedent(text: string): string {
  const lines = text.split('\n');
  let common: string | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    common = common === undefined ? indent : sharedStart(common, indent);
    if (common === '') return text;
  }
  if (!common) return text;
  const width = common.length;
  // A line of fewer blanks than that has no text.
  return lines
    .map((line) => (line.startsWith(common) ? line.slice(width) : line.trim()))
    .join('\n');
}

function sharedStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
