import * as vscode from 'vscode';
import type { AnsiColor, AnsiStyle } from '../../runs/ansi/ansiStyle.ts';
import type { PlacedSpan } from '../../runs/ansi/ansiTable.ts';

/** The terminal's 16 colors, as themes name them. */
const COLOR_NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const THEME_COLORS = [...COLOR_NAMES, ...COLOR_NAMES.map((name) => `Bright${name}`)];

/** Each type is a style sheet rule in the window. More colors than this on one screen are left out. */
const MAX_VISIBLE_TYPES = 300;
/** Types that are not visible stay up to this number, because scrolling brings the same colors back. */
const MAX_SPARE_TYPES = 50;

interface DecorationRanges {
  readonly options: vscode.DecorationRenderOptions;
  readonly ranges: vscode.Range[];
}

/** The colors of one editor. Each part of a style is a separate type, so that a few types make many styles. */
export class AnsiDecorations implements vscode.Disposable {
  readonly #editor: vscode.TextEditor;
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();

  constructor(editor: vscode.TextEditor) {
    this.#editor = editor;
  }

  /** Draws these spans and erases all others. */
  draw(spans: Iterable<PlacedSpan>): void {
    const wanted = new Map<string, DecorationRanges>();
    for (const { line, start, end, style } of spans) {
      const range = new vscode.Range(line, start, line, end);
      for (const options of decorationsFor(style)) {
        const key = JSON.stringify(options);
        const known = wanted.get(key);
        if (known) known.ranges.push(range);
        else if (wanted.size < MAX_VISIBLE_TYPES) wanted.set(key, { options, ranges: [range] });
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

  #erase(wanted: ReadonlyMap<string, DecorationRanges>): void {
    for (const [key, type] of this.#types) {
      if (wanted.has(key)) continue;
      if (this.#types.size <= MAX_SPARE_TYPES) {
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

/** The decorations that make up the style. */
function decorationsFor(style: AnsiStyle): vscode.DecorationRenderOptions[] {
  const { bold, dim, italic, underline, strike } = style;
  const { text, behind } = colorsOf(style);
  const lines = [underline ? 'underline' : '', strike ? 'line-through' : ''].filter(Boolean);
  return [
    text === undefined ? undefined : { color: text },
    behind === undefined ? undefined : { backgroundColor: behind },
    bold ? { fontWeight: 'bold' } : undefined,
    dim ? { opacity: '0.6' } : undefined,
    italic ? { fontStyle: 'italic' } : undefined,
    // In one decoration, because a second one would replace the first.
    lines.length > 0 ? { textDecoration: lines.join(' ') } : undefined,
  ].filter((options) => options !== undefined);
}

type DecorationColor = string | vscode.ThemeColor;

function colorsOf({ foreground, background, inverse }: AnsiStyle): {
  readonly text: DecorationColor | undefined;
  readonly behind: DecorationColor | undefined;
} {
  const text = foreground === undefined ? undefined : themeColor(foreground);
  const behind = background === undefined ? undefined : themeColor(background);
  if (!inverse) return { text, behind };
  return {
    text: behind ?? new vscode.ThemeColor('editor.background'),
    behind: text ?? new vscode.ThemeColor('editor.foreground'),
  };
}

function themeColor(color: AnsiColor): DecorationColor {
  if (typeof color === 'string') return color;
  return new vscode.ThemeColor(`terminal.ansi${THEME_COLORS[color] ?? 'White'}`);
}
