import { afterSgr, type AnsiStyle, PLAIN } from './ansiStyle.ts';
import { drawnPart } from '../text/displayText.ts';
import { ESCAPES } from '../text/escapes.ts';
import { drawLine, movesCursor } from '../text/screenLine.ts';

/** A styled part of a displayed line, in UTF-16 units as in the editor. */
export interface AnsiSpan {
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

export interface StyledLine {
  /** In order, without overlap; none is empty or plain. */
  readonly spans: readonly AnsiSpan[];
  /** The style the next line begins with. */
  readonly after: AnsiStyle;
}

/** A line with more changes of style than a reader can distinguish is plain after them. */
const MAX_LINE_SPANS = 500;

// eslint-disable-next-line no-control-regex -- escapes begin with controls
const SGR = /^(?:\u001b\[|\u009b)([0-9;:]*)m$/;

/**
 * The styles of a line of output. The columns are those of the line that `displayLine` returns.
 * @param before the style the line begins with
 */
export function ansiSpans(line: string, before: AnsiStyle): StyledLine {
  return movesCursor(line) ? drawnSpans(line, before) : writtenSpans(line, before);
}

/** The spans of a line that a terminal draws from left to right. */
function writtenSpans(line: string, before: AnsiStyle): StyledLine {
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
    else if (spans.length < MAX_LINE_SPANS) spans.push({ start, end: plain.length, style });
  };
  for (const { 0: escape, index } of line.matchAll(ESCAPES)) {
    take(index);
    read = index + escape.length;
    style = styleAfter(style, escape);
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

/** The spans of a line whose text a terminal overwrites. */
function drawnSpans(line: string, before: AnsiStyle): StyledLine {
  const spans: { start: number; end: number; style: AnsiStyle }[] = [];
  const { cells, after } = drawLine(line, before, styleAfter);
  let start = 0;
  for (const { text, style } of cells) {
    const end = start + text.length;
    const last = spans.at(-1);
    if (last?.end === start && last.style === style) last.end = end;
    else if (!isPlain(style) && spans.length < MAX_LINE_SPANS) spans.push({ start, end, style });
    start = end;
  }
  return { spans, after };
}

function styleAfter(style: AnsiStyle, escape: string): AnsiStyle {
  const [, parameters] = SGR.exec(escape) ?? [];
  return parameters === undefined ? style : afterSgr(style, parameters);
}

export function isPlain(style: AnsiStyle): boolean {
  return style === PLAIN || Object.keys(style).length === 0;
}
