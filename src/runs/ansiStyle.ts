/** A colour: one of the terminal's sixteen by its number, or `#rrggbb`. */
export type AnsiColour = number | `#${string}`;

/** How a terminal draws text. What is absent is the terminal's own. */
export interface AnsiStyle {
  readonly foreground?: AnsiColour;
  readonly background?: AnsiColour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  /** Foreground and background change places. */
  readonly inverse?: true;
  readonly strike?: true;
}

export const PLAIN: AnsiStyle = {};

/** More in one sequence are no style but an attack. */
const MOST_PARAMETERS = 32;

/**
 * The style after a "select graphic rendition" sequence (ECMA-48), with the colours of ITU T.416 in
 * both spellings: `38;2;r;g;b`, as xterm took it, and `38:2::r:g:b`, as it was meant.
 * @param parameters what stands between `ESC [` and `m`
 */
export function afterSgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(';', MOST_PARAMETERS);
  let next: Writable<AnsiStyle> = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, ...parts] = (codes[i] ?? '').split(':', MOST_PARAMETERS).map(Number);
    if (code === 0) {
      next = {};
    } else if (COLOUR_CODES.has(code)) {
      const inOne = parts.length > 0;
      const [colour, used] = inOne
        ? [colourInOne(parts), 0]
        : extendedColour(codes.slice(i + 1).map(Number));
      if (colour !== undefined && code === 38) next.foreground = colour;
      if (colour !== undefined && code === 48) next.background = colour;
      i += used;
    } else if (code === 4 && parts[0] === 0) {
      delete next.underline;
    } else {
      apply(next, code);
    }
  }
  return next;
}

/** Of text, of what is behind it, and of the line under it, which is not drawn. */
const COLOUR_CODES: ReadonlySet<number> = new Set([38, 48, 58]);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function apply(style: Writable<AnsiStyle>, code: number): void {
  if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 9) style.strike = true;
  else if (code === 22) {
    delete style.bold;
    delete style.dim;
  } else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
  else if (code === 39) delete style.foreground;
  else if (code === 49) delete style.background;
  else if (code >= 30 && code <= 37) style.foreground = code - 30;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code >= 90 && code <= 97) style.foreground = code - 90 + 8;
  else if (code >= 100 && code <= 107) style.background = code - 100 + 8;
}

/** @returns the colour that `5;n` or `2;r;g;b` means, and how many codes that took */
function extendedColour(codes: readonly number[]): [AnsiColour | undefined, number] {
  const [form, a = 0, b = 0, c = 0] = codes;
  if (form === 5) return [indexedColour(a), 2];
  if (form === 2) return [rgb(a, b, c), 4];
  return [undefined, 0];
}

/** The colour of `5:n` or `2:<space>:r:g:b`; many programs leave the colour space out: `2:r:g:b`. */
function colourInOne(parts: readonly number[]): AnsiColour | undefined {
  const [form, ...values] = parts;
  if (form === 5) return indexedColour(values[0] ?? 0);
  if (form !== 2) return undefined;
  const [r = 0, g = 0, b = 0] = values.length > 3 ? values.slice(1) : values;
  return rgb(r, g, b);
}

/** Of the 256 colours: the sixteen, a cube of six levels each way, and a ramp of greys. */
function indexedColour(index: number): AnsiColour | undefined {
  if (!isByte(index)) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(...parts: readonly number[]): AnsiColour | undefined {
  if (!parts.every(isByte)) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
