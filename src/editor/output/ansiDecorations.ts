import * as vscode from 'vscode';
import type { AnsiColour, AnsiStyle } from '../../runs/ansiStyle.ts';
import type { PlacedSpan } from '../../runs/ansiTable.ts';

/** The terminal's sixteen, as themes name them. */
const NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const THEME_COLOURS = [...NAMES, ...NAMES.map((name) => `Bright${name}`)];

/** Each is a style sheet rule in the window; colours beyond that many on one screen are left out. */
const MOST_TYPES = 300;
/** Kept although nothing on the screen is drawn so, since scrolling brings the same colours back. */
const SPARE_TYPES = 50;

interface Drawn {
  readonly options: vscode.DecorationRenderOptions;
  readonly ranges: vscode.Range[];
}

/** The colours of one editor. Parts of a style lie over each other, so that few kinds make many. */
export class AnsiDecorations implements vscode.Disposable {
  readonly #editor: vscode.TextEditor;
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();

  constructor(editor: vscode.TextEditor) {
    this.#editor = editor;
  }

  /** Draws these spans, and nothing of what was drawn before. */
  draw(spans: Iterable<PlacedSpan>): void {
    const wanted = new Map<string, Drawn>();
    for (const { line, start, end, style } of spans) {
      const range = new vscode.Range(line, start, line, end);
      for (const options of partsOf(style)) {
        const key = JSON.stringify(options);
        const drawn = wanted.get(key);
        if (drawn) drawn.ranges.push(range);
        else if (wanted.size < MOST_TYPES) wanted.set(key, { options, ranges: [range] });
      }
    }
    this.#erase(wanted);
    for (const [key, { options, ranges }] of wanted) {
      this.#editor.setDecorations(this.#type(key, options), ranges);
    }
  }

  dispose(): void {
    for (const type of this.#types.values()) type.dispose();
    this.#types.clear();
  }

  #erase(wanted: ReadonlyMap<string, Drawn>): void {
    for (const [key, type] of this.#types) {
      if (wanted.has(key)) continue;
      if (this.#types.size <= SPARE_TYPES) {
        this.#editor.setDecorations(type, []);
      } else {
        type.dispose();
        this.#types.delete(key);
      }
    }
  }

  #type(key: string, options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType {
    let type = this.#types.get(key);
    if (!type) {
      type = vscode.window.createTextEditorDecorationType(options);
      this.#types.set(key, type);
    }
    return type;
  }
}

/** The decorations that together make the style. */
function partsOf(style: AnsiStyle): vscode.DecorationRenderOptions[] {
  const { bold, dim, italic, underline, strike } = style;
  const { text, behind } = coloursOf(style);
  const lines = [underline ? 'underline' : '', strike ? 'line-through' : ''].filter(Boolean);
  return [
    text === undefined ? undefined : { color: text },
    behind === undefined ? undefined : { backgroundColor: behind },
    bold ? { fontWeight: 'bold' } : undefined,
    dim ? { opacity: '0.6' } : undefined,
    italic ? { fontStyle: 'italic' } : undefined,
    // In one: of two, one would take the place of the other.
    lines.length > 0 ? { textDecoration: lines.join(' ') } : undefined,
  ].filter((options) => options !== undefined);
}

type Colour = string | vscode.ThemeColor;

function coloursOf({ foreground, background, inverse }: AnsiStyle): {
  readonly text: Colour | undefined;
  readonly behind: Colour | undefined;
} {
  const text = foreground === undefined ? undefined : colourOf(foreground);
  const behind = background === undefined ? undefined : colourOf(background);
  if (!inverse) return { text, behind };
  return {
    text: behind ?? new vscode.ThemeColor('editor.background'),
    behind: text ?? new vscode.ThemeColor('editor.foreground'),
  };
}

function colourOf(colour: AnsiColour): Colour {
  if (typeof colour === 'string') return colour;
  return new vscode.ThemeColor(`terminal.ansi${THEME_COLOURS[colour] ?? 'White'}`);
}
