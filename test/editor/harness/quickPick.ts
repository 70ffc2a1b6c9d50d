import type { Locator, Page } from 'playwright-core';
import type { DrawnElement } from './drawnElement.ts';

/** The quick pick or input box on top of the window. */
export class QuickPick {
  readonly widget: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget');
  }

  /** Waits for a quick pick whose title bar (with the step, such as "2/4") or placeholder has this text. */
  async waitFor(title: string | RegExp): Promise<void> {
    const titled = this.widget.locator('.quick-input-title', { hasText: title });
    const prompted = this.widget.getByPlaceholder(title);
    await titled.or(prompted).first().waitFor();
    // While an extension fetches its items a bar moves.
    await this.widget.locator('.quick-input-progress .monaco-progress-container.active').waitFor({
      state: 'hidden',
    });
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  isOpen(): Promise<boolean> {
    return this.widget.isVisible();
  }

  title(): Promise<string> {
    return this.widget.locator('.quick-input-title').innerText();
  }

  /** The message under the input, such as why a text is not valid. */
  message(): Promise<string> {
    return this.widget.locator('.quick-input-message').innerText();
  }

  /** What a screen reader says for each row on the screen: label, description, detail; at one moment. */
  items(): Promise<string[]> {
    return this.#rows.evaluateAll((rows: DrawnElement[]) =>
      rows.map((row) => row.getAttribute('aria-label') ?? ''),
    );
  }

  /** The rows whose label is exactly this. */
  row(label: string): Locator {
    const name = this.#page
      .locator('.monaco-icon-name-container')
      .getByText(label, { exact: true });
    return this.#rows.filter({ has: name });
  }

  /** Clicks the row with this label: once more where nothing comes of it, as the list was just drawn anew. */
  async choose(label: string): Promise<void> {
    const row = this.row(label).first();
    const heading = await this.#heading();
    await row.click();
    for (let round = 0; round < 30; round++) {
      if (!(await row.isVisible()) || (await this.#heading()) !== heading) return;
      await this.#page.waitForTimeout(100);
    }
    await row.click();
  }

  /** Replaces the text of the input. */
  async type(text: string): Promise<void> {
    await this.#input.fill(text);
  }

  /** Replaces the path in a dialog for files, which writes its own into the input as it opens. */
  async typePath(path: string): Promise<void> {
    for (let unchanged = 0; unchanged < 5; unchanged++) {
      if ((await this.#input.inputValue()) !== path) {
        await this.#input.fill(path);
        unchanged = 0;
      }
      await this.#page.waitForTimeout(100);
    }
  }

  /** Ticks or unticks a row of a quick pick of many. */
  async toggle(label: string): Promise<void> {
    await this.row(label).first().getByRole('checkbox').click();
  }

  /** The labels of the rows that are ticked, of those on the screen. */
  ticked(): Promise<string[]> {
    return this.widget
      .locator('.quick-input-list .monaco-list-row[aria-checked="true"] .label-name')
      .allInnerTexts();
  }

  /** Enter: the highlighted row, the typed text, or all ticked rows. */
  async accept(): Promise<void> {
    // After a click on a tick box, Enter would tick it again.
    await this.#input.press('Enter');
  }

  async back(): Promise<void> {
    await this.widget.getByRole('button', { name: 'Back' }).click();
  }

  /** Presses a button of the title bar or the row's end by its tooltip. */
  async press(button: string): Promise<void> {
    await this.widget.getByRole('button', { name: button }).first().click();
  }

  /** Turns one of the switches in the input on or off, by its tooltip. */
  async switch(name: string): Promise<void> {
    await this.widget.getByRole('checkbox', { name }).first().click();
  }

  async escape(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  /** What tells one step from the next, whose rows may be called alike. */
  async #heading(): Promise<string> {
    const title = await this.widget.locator('.quick-input-title').textContent();
    // By its class: a box that has just been hidden has no role any more.
    const box = this.widget.locator('.quick-input-box input').first();
    return `${title ?? ''} ${(await box.getAttribute('placeholder')) ?? ''}`;
  }

  get #input(): Locator {
    return this.widget.getByRole('combobox').or(this.widget.getByRole('textbox')).first();
  }

  get #rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }
}
