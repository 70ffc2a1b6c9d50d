import * as vscode from 'vscode';
import type { AnsiColour, AnsiStyle } from '../../runs/ansiStyle.ts';

/** The terminal's sixteen, as themes name them. */
const NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const THEME_COLOURS = [...NAMES, ...NAMES.map((name) => `Bright${name}`)];

/** Each is a style sheet rule in the window; colours beyond that many are left out. */
const MOST_TYPES = 300;

/** How each part of a style is drawn; parts of one stretch of text lie over each other. */
export class AnsiDecorations implements vscode.Disposable {
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();

  /** The decorations that together make the style. */
  of(style: AnsiStyle): vscode.TextEditorDecorationType[] {
    const { foreground, background, bold, italic, underline } = style;
    return [
      foreground === undefined ? undefined : { color: colourOf(foreground) },
      background === undefined ? undefined : { backgroundColor: colourOf(background) },
      bold ? { fontWeight: 'bold' } : undefined,
      italic ? { fontStyle: 'italic' } : undefined,
      underline ? { textDecoration: 'underline' } : undefined,
    ].flatMap((options) => (options ? (this.#type(options) ?? []) : []));
  }

  dispose(): void {
    for (const type of this.#types.values()) type.dispose();
    this.#types.clear();
  }

  #type(options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType | undefined {
    const key = JSON.stringify(options);
    const known = this.#types.get(key);
    if (known || this.#types.size === MOST_TYPES) return known;
    const type = vscode.window.createTextEditorDecorationType(options);
    this.#types.set(key, type);
    return type;
  }
}

function colourOf(colour: AnsiColour): string | vscode.ThemeColor {
  if (typeof colour === 'string') return colour;
  return new vscode.ThemeColor(`terminal.ansi${THEME_COLOURS[colour] ?? 'White'}`);
}
