/** A colour: one of the terminal's sixteen by its number, or `#rrggbb`. */
export type AnsiColour = number | `#${string}`;

/** How a terminal draws text. What is absent is the terminal's own. */
export interface AnsiStyle {
  readonly foreground?: AnsiColour;
  readonly background?: AnsiColour;
  readonly bold?: true;
  readonly italic?: true;
  readonly underline?: true;
}

export const PLAIN: AnsiStyle = {};

/** More in one sequence are no style but an attack. */
const MOST_PARAMETERS = 32;

/**
 * The style after a "select graphic rendition" sequence (ECMA-48).
 * @param parameters what stands between `ESC [` and `m`
 */
export function afterSgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(';', MOST_PARAMETERS).map((code) => (code === '' ? 0 : +code));
  let next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) {
      next = {};
    } else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(i + 1));
      if (colour !== undefined) next[code === 38 ? 'foreground' : 'background'] = colour;
      i += used;
    } else {
      apply(next, code);
    }
  }
  return next;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function apply(style: Writable<AnsiStyle>, code: number): void {
  if (code === 1) style.bold = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) style.underline = true;
  else if (code === 22) delete style.bold;
  else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
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
