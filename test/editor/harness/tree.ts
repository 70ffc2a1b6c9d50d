import type { Locator, Page } from 'playwright-core';
import type { DrawnElement } from './drawnElement.ts';
import { patiently } from './patiently.ts';

export interface TreeRow {
  /** What is drawn: label, a space, description. */
  readonly text: string;
  /** What a screen reader says. */
  readonly ariaLabel: string;
  /** 1 for a root. */
  readonly level: number;
  /** Undefined for a leaf. */
  readonly expanded: boolean | undefined;
}

/** The tree rows in a part of the window; only those on the screen. */
export class Tree {
  readonly #page: Page;
  readonly #part: Locator;

  constructor(page: Page, part: Locator) {
    this.#page = page;
    this.#part = part;
  }

  /** As they are at one moment: rows come and go while they are read. */
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

  /** Opens a row that is closed. */
  async expand(text: string | RegExp): Promise<void> {
    if ((await this.row(text).getAttribute('aria-expanded')) !== 'true') await this.toggle(text);
  }

  /** Opens or closes a row. */
  async toggle(text: string | RegExp): Promise<void> {
    await this.row(text).locator('.monaco-tl-twistie').click();
  }

  /** Presses one of the icons that a row shows when the pointer is on it. */
  async press(text: string | RegExp, action: string): Promise<void> {
    const row = this.row(text);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** The entries of a row's context menu, which stays open until Escape or `choose`. */
  async openMenu(text: string | RegExp): Promise<string[]> {
    const items = this.#menu.getByRole('menuitem');
    await patiently(async (timeout) => {
      await this.#leaveHovers();
      await this.row(text).click({ button: 'right' });
      await items.first().waitFor({ timeout });
    }, this.#page);
    return items.allInnerTexts();
  }

  /** Chooses an entry of a row's context menu. */
  async contextMenu(text: string | RegExp, item: string): Promise<void> {
    await this.openMenu(text);
    // A menu takes no click in its first 100 ms, so that the click that opened it does not choose.
    await this.#page.waitForTimeout(150);
    await this.#menu.getByRole('menuitem', { name: item }).first().click();
    await this.#menu.waitFor({ state: 'hidden' });
  }

  /** A pointer that rests on a row makes a tooltip come up, which then takes the click. */
  async #leaveHovers(): Promise<void> {
    await this.#page.mouse.move(1, 1);
    await this.#page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
  }

  get #menu(): Locator {
    return this.#page.locator('.monaco-menu');
  }
}
