/** A color: one of the terminal's sixteen by its number, or `#rrggbb`. */
export type AnsiColor = number | `#${string}`;

/** How a terminal draws text. An absent property has the terminal's default. */
export interface AnsiStyle {
  readonly foreground?: AnsiColor;
  readonly background?: AnsiColor;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  /** Foreground and background are swapped. */
  readonly inverse?: true;
  readonly strike?: true;
}

export const PLAIN: AnsiStyle = {};

/** A sequence with more parameters is not a style but an attack. */
const MAX_PARAMETERS = 32;

/**
 * The style after a "select graphic rendition" sequence (ECMA-48), with the colors of ITU T.416 in
 * both spellings: `38;2;r;g;b` as in xterm, and `38:2::r:g:b` as in the standard.
 * @param parameters the text between `ESC [` and `m`
 */
export function afterSgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(';', MAX_PARAMETERS);
  let next: Writable<AnsiStyle> = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, ...parts] = (codes[i] ?? '').split(':', MAX_PARAMETERS).map(Number);
    if (code === 0) {
      next = {};
    } else if (COLOR_CODES.has(code)) {
      const hasParts = parts.length > 0;
      const [color, used] = hasParts
        ? [colorFromParts(parts), 0]
        : extendedColor(codes.slice(i + 1).map(Number));
      if (color !== undefined && code === 38) next.foreground = color;
      if (color !== undefined && code === 48) next.background = color;
      i += used;
    } else if (code === 4 && parts[0] === 0) {
      delete next.underline;
    } else {
      applyCode(next, code);
    }
  }
  return next;
}

/** Foreground, background, and the color of the underline, which is not drawn. */
const COLOR_CODES: ReadonlySet<number> = new Set([38, 48, 58]);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

type Flag = Exclude<keyof AnsiStyle, 'foreground' | 'background'>;

const SETS: ReadonlyMap<number, Flag> = new Map([
  [1, 'bold'],
  [2, 'dim'],
  [3, 'italic'],
  [4, 'underline'],
  [7, 'inverse'],
  [9, 'strike'],
]);
const RESETS: ReadonlyMap<number, readonly (keyof AnsiStyle)[]> = new Map([
  [22, ['bold', 'dim']],
  [23, ['italic']],
  [24, ['underline']],
  [27, ['inverse']],
  [29, ['strike']],
  [39, ['foreground']],
  [49, ['background']],
]);

function applyCode(style: Writable<AnsiStyle>, code: number): void {
  const flag = SETS.get(code);
  if (flag) style[flag] = true;
  for (const property of RESETS.get(code) ?? []) Reflect.deleteProperty(style, property);
  if (code >= 30 && code <= 37) style.foreground = code - 30;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code >= 90 && code <= 97) style.foreground = code - 90 + 8;
  else if (code >= 100 && code <= 107) style.background = code - 100 + 8;
}

/** @returns the color that `5;n` or `2;r;g;b` means, and the number of codes */
function extendedColor(codes: readonly number[]): [AnsiColor | undefined, number] {
  const [form, a = 0, b = 0, c = 0] = codes;
  if (form === 5) return [indexedColor(a), 2];
  if (form === 2) return [rgb(a, b, c), 4];
  return [undefined, 0];
}

/** The color of `5:n` or `2:<space>:r:g:b`; many programs omit the color space: `2:r:g:b`. */
function colorFromParts(parts: readonly number[]): AnsiColor | undefined {
  const [form, ...values] = parts;
  if (form === 5) return indexedColor(values[0] ?? 0);
  if (form !== 2) return undefined;
  const [r = 0, g = 0, b = 0] = values.length > 3 ? values.slice(1) : values;
  return rgb(r, g, b);
}

/** One of the 256 colors: the sixteen, a cube of six levels per side, and a ramp of grays. */
function indexedColor(index: number): AnsiColor | undefined {
  if (!isByte(index)) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const gray = 8 + (index - 232) * 10;
    return rgb(gray, gray, gray);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(...parts: readonly number[]): AnsiColor | undefined {
  if (!parts.every(isByte)) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
