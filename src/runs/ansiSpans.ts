import { afterSgr, type AnsiStyle, PLAIN } from './ansiStyle.ts';
import { drawnPart, ESCAPES } from './displayText.ts';

/** A stretch of a line as it is shown, in UTF-16 units as the editor counts. */
export interface AnsiSpan {
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

export interface StyledLine {
  /** In order, apart from each other, none empty and none plain. */
  readonly spans: readonly AnsiSpan[];
  /** The style the next line begins with. */
  readonly after: AnsiStyle;
}

/** A line with more changes of style than anybody can tell apart stays plain after that. */
const MOST_SPANS = 500;

// eslint-disable-next-line no-control-regex -- escapes begin with controls
const SGR = /^(?:\u001b\[|\u009b)([0-9;:]*)m$/;

/**
 * The styles of a line of output. The columns are those of the line that `displayLine` makes of it.
 * @param before the style the line begins with
 */
export function ansiSpans(line: string, before: AnsiStyle): StyledLine {
  const spans: { start: number; end: number; style: AnsiStyle }[] = [];
  let style = before;
  let plain = '';
  let read = 0;
  const take = (end: number) => {
    const start = plain.length;
    plain += line.slice(read, end);
    if (plain.length === start || isPlain(style)) return;
    const last = spans.at(-1);
    if (last?.end === start && last.style === style) last.end = plain.length;
    else if (spans.length < MOST_SPANS) spans.push({ start, end: plain.length, style });
  };
  for (const { 0: escape, index } of line.matchAll(ESCAPES)) {
    take(index);
    read = index + escape.length;
    const [, parameters] = SGR.exec(escape) ?? [];
    if (parameters !== undefined) style = afterSgr(style, parameters);
  }
  take(line.length);
  const { start, end } = drawnPart(plain);
  return {
    spans: spans
      .map((span) => ({
        ...span,
        start: Math.max(span.start, start) - start,
        end: Math.min(span.end, end) - start,
      }))
      .filter((span) => span.start < span.end),
    after: style,
  };
}

export function isPlain(style: AnsiStyle): boolean {
  return style === PLAIN || Object.keys(style).length === 0;
}
