import { errors, type Locator, type Page } from 'playwright-core';
import type { DrawnElement } from './drawnElement.ts';
import { patiently } from './patiently.ts';

export interface TreeRow {
  /** The visible text: label, a space, description. */
  readonly text: string;
  /** The accessible label. */
  readonly ariaLabel: string;
  /** 1 for a root. */
  readonly level: number;
  /** Undefined for a leaf. */
  readonly expanded: boolean | undefined;
}

/** How long a row can take to be drawn anew. */
const REDRAW_MS = 500;

/** The visible tree rows in a part of the window. */
export class Tree {
  readonly #page: Page;
  readonly #part: Locator;

  constructor(page: Page, part: Locator) {
    this.#page = page;
    this.#part = part;
  }

  /** Reads all rows at one moment, because rows can change during separate reads. */
  rows(): Promise<TreeRow[]> {
    return this.#part.getByRole('treeitem').evaluateAll((rows: DrawnElement[]) =>
      rows.map((row) => {
        const expanded = row.getAttribute('aria-expanded') ?? undefined;
        const texts = row.querySelectorAll('.label-name, .label-description');
        return {
          text: Array.from(texts, ({ textContent }) => textContent).join(' '),
          ariaLabel: row.getAttribute('aria-label') ?? '',
          level: Number(row.getAttribute('aria-level') ?? 1),
          expanded: expanded === undefined ? undefined : expanded === 'true',
        };
      }),
    );
  }

  /** The row that has this text. */
  row(text: string | RegExp): Locator {
    return this.#part.getByRole('treeitem').filter({ hasText: text }).first();
  }

  async waitFor(text: string | RegExp, timeoutMs?: number): Promise<void> {
    await this.row(text).waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async click(text: string | RegExp): Promise<void> {
    await this.#leaveHovers();
    await this.row(text).click();
  }

  /** Expands a row unless it is expanded. */
  async expand(text: string | RegExp): Promise<void> {
    const isExpanded = async () => (await this.row(text).getAttribute('aria-expanded')) === 'true';
    if (await isExpanded()) return;
    await patiently(async () => {
      await this.toggle(text);
      // A tree that is being drawn anew can collapse the row again.
      await this.#page.waitForTimeout(REDRAW_MS);
      if (!(await isExpanded())) throw new errors.TimeoutError('collapsed again');
    }, this.#page);
  }

  /** Expands or collapses a row. */
  async toggle(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    const before = await row.getAttribute('aria-expanded');
    const toggled = before === 'true' ? 'false' : 'true';
    await patiently(async (timeout) => {
      if ((await row.getAttribute('aria-expanded')) === toggled) return;
      await row.locator('.monaco-tl-twistie').click({ timeout });
      await row.and(this.#part.locator(`[aria-expanded="${toggled}"]`)).waitFor({ timeout });
    }, this.#page);
  }

  /** Selects or clears the check box of a row. */
  async check(text: string | RegExp): Promise<void> {
    const box = this.row(text).getByRole('checkbox');
    const wasChecked = await box.isChecked();
    const changed = this.#part.locator(`[aria-checked="${String(!wasChecked)}"]`);
    // The text of a row can say how much is selected: then it changes with the check box.
    const isUnchanged = async () =>
      (await box.count()) > 0 && (await box.isChecked()) === wasChecked;
    await patiently(async (timeout) => {
      if (!(await isUnchanged())) return;
      await box.click({ timeout });
      await box.and(changed).waitFor({ timeout });
      // A row that is being drawn anew takes back a click that it has shown already.
      await this.#page.waitForTimeout(REDRAW_MS);
      if (await isUnchanged()) throw new errors.TimeoutError('taken back');
    }, this.#page);
  }

  /** Clicks one of the icons that a row shows on hover. */
  async press(text: string | RegExp, action: string): Promise<void> {
    const row = this.row(text);
    // A row that moves leaves the pointer, and its icons hide.
    await patiently(async (timeout) => {
      await this.#leaveHovers();
      await row.hover({ timeout });
      await row.getByRole('button', { name: action }).click({ timeout });
    }, this.#page);
  }

  /** The entries of a row's context menu, which stays open until Escape or `choose`. */
  async openMenu(text: string | RegExp): Promise<string[]> {
    await patiently((timeout) => this.#openMenu(text, timeout), this.#page);
    return this.#menuItems.allInnerTexts();
  }

  /**
   * Chooses an entry of a row's context menu. Opens the menu again if it closes before, or if its row
   * changes, for example because a run ends: a menu keeps the entries with which it opened.
   */
  async contextMenu(text: string | RegExp, item: string): Promise<void> {
    await patiently(async (timeout) => {
      await this.#openMenu(text, timeout);
      // A menu ignores clicks for its first 100 ms, so that the click that opened it selects nothing.
      await this.#page.waitForTimeout(150);
      await this.#menu.getByRole('menuitem', { name: item }).first().click({ timeout });
    }, this.#page);
    await this.#menu.waitFor({ state: 'hidden' });
  }

  async #openMenu(text: string | RegExp, timeout: number): Promise<void> {
    await this.#leaveHovers();
    await this.row(text).click({ button: 'right', timeout });
    await this.#menuItems.first().waitFor({ timeout });
    // A menu moves the focus of the tree to its row. Another row has it if this one moved away from the click.
    await this.row(text).and(this.#part.locator('.focused')).waitFor({ timeout });
  }

  /** Moves the pointer away, because a tooltip over a row would receive the click. */
  async #leaveHovers(): Promise<void> {
    await this.#page.mouse.move(1, 1);
    await this.#page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
  }

  get #menuItems(): Locator {
    return this.#menu.getByRole('menuitem');
  }

  get #menu(): Locator {
    return this.#page.locator('.monaco-menu');
  }
}
