/**
 * Breaks a text at spaces into lines for a narrow place. A longer word is not broken.
 * @param length of a line in UTF-16 code units
 * @param firstLength of the first line, if it has less space
 */
export function wrapText(text: string, length: number, firstLength = length): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const space = lines.length === 1 ? firstLength : length;
    if (last !== undefined && last.length + word.length < space) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
