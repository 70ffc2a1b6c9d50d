import { ESCAPES } from './escapes.ts';

/** A character on the screen, with its combining marks. */
export interface Cell<Style> {
  readonly text: string;
  readonly style: Style;
}

/** Farther to the right, programs do not move the cursor to draw. */
const MAX_COLUMN = 400;
/** Characters that one column can combine. */
const MAX_CELL_LENGTH = 32;

/** Backspaces, and the sequences that move the cursor within its line or erase the line. */
const MOVES =
  // eslint-disable-next-line no-control-regex -- backspaces and escapes are controls
  /\u0008|(?:\u001b\[|\u009b)\d*[CDGK]/;
// eslint-disable-next-line no-control-regex -- escapes begin with controls
const MOVE = /^(?:\u001b\[|\u009b)(\d*)([CDGK])$/;
const JOINED = /^[\p{M}\u200d]$/u;

/** Whether a line must be drawn to know what a terminal shows at its end. */
export function movesCursor(line: string): boolean {
  return MOVES.test(line);
}

/**
 * Draws a line of output as a terminal does that has one column for each character.
 * @param style the style the line begins with
 * @param styleAfter the style after an escape that does not move the cursor
 */
export function drawLine<Style>(
  line: string,
  style: Style,
  styleAfter: (style: Style, escape: string) => Style,
): { readonly cells: readonly Cell<Style>[]; readonly after: Style } {
  const screen = new ScreenLine(style);
  let current = style;
  let read = 0;
  for (const { 0: escape, index } of line.matchAll(ESCAPES)) {
    screen.write(line.slice(read, index), current);
    read = index + escape.length;
    const [, count = '', command] = MOVE.exec(escape) ?? [];
    if (command === undefined) current = styleAfter(current, escape);
    else screen.move(command, count);
  }
  screen.write(line.slice(read), current);
  return { cells: screen.cells, after: current };
}

class ScreenLine<Style> {
  cells: Cell<Style>[] = [];
  readonly #blank: Cell<Style>;
  #column = 0;
  /** After a carriage return, the next text replaces the line: it is its next state. */
  #isReturned = false;

  constructor(style: Style) {
    this.#blank = { text: ' ', style };
  }

  write(text: string, style: Style): void {
    for (const character of text) {
      if (character === '\r') {
        this.#isReturned = true;
        this.#column = 0;
      } else if (character === '\b') {
        this.#column = Math.max(0, this.#column - 1);
      } else {
        this.#put(character, style);
      }
    }
  }

  /** Executes a control sequence. */
  move(command: string, parameter: string): void {
    const count = Number(parameter);
    this.#isReturned = false;
    switch (command) {
      case 'C':
        this.#moveTo(this.#column + Math.max(1, count));
        return;
      case 'D':
        this.#moveTo(this.#column - Math.max(1, count));
        return;
      case 'G':
        this.#moveTo(Math.max(1, count) - 1);
        return;
      case 'K':
        this.#erase(count);
        return;
    }
  }

  #put(character: string, style: Style): void {
    if (this.#isReturned) this.cells = [];
    this.#isReturned = false;
    const before = this.cells[this.#column - 1];
    if (before && joins(before.text, character)) {
      this.cells[this.#column - 1] = { text: before.text + character, style: before.style };
      return;
    }
    while (this.cells.length < this.#column) this.cells.push(this.#blank);
    this.cells[this.#column++] = { text: character, style };
  }

  #moveTo(column: number): void {
    this.#column = Math.min(Math.max(0, column), Math.max(this.cells.length, MAX_COLUMN));
  }

  /** @param what 0 to the end of the line, 2 all of it */
  #erase(what: number): void {
    if (what === 0) this.cells.length = Math.min(this.cells.length, this.#column);
    else if (what === 2) this.cells = [];
  }
}

/** Whether a terminal draws a character in the column of the text before it. */
function joins(before: string, character: string): boolean {
  if (before.length >= MAX_CELL_LENGTH) return false;
  return JOINED.test(character) || before.endsWith('\u200d');
}
