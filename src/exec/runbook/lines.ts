/** Changes all line breaks to LF. The editor breaks lines also at a lone carriage return. */
export function withLf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The lines of a text, each with its line break; only the last one can have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** The lines of a text as the editor numbers them, without their line breaks. */
export function editorLines(text: string): string[] {
  return text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
}

/** The lines of a text with LF, one after the other: most readers need only the first ones. */
export function* eachLine(text: string): Generator<string> {
  let from = 0;
  for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
    yield text.slice(from, to);
    from = to + 1;
  }
  yield text.slice(from);
}

/** The line break that a text ends with, or '' */
export function lastBreak(text: string): string {
  return /(?:\r\n|\r|\n)$/.exec(text)?.[0] ?? '';
}

/** The first line break of a text; LF if it has none. */
export function firstBreak(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
}
