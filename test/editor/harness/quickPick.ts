import type { Locator, Page } from 'playwright-core';
import type { DrawnElement } from './drawnElement.ts';
import { patiently } from './patiently.ts';

/** The quick pick or input box on top of the window. */
export class QuickPick {
  readonly widget: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget');
  }

  /** Waits for a quick pick with this text in its title bar (which can end with a step like "2/4") or placeholder. */
  async waitFor(title: string | RegExp): Promise<void> {
    const prompted = this.widget.getByPlaceholder(title);
    await this.titled(title).or(prompted).first().waitFor();
    // The progress bar is active while an extension loads the items.
    await this.widget.locator('.quick-input-progress .monaco-progress-container.active').waitFor({
      state: 'hidden',
    });
  }

  /** The title bar with this text. */
  titled(title: string | RegExp): Locator {
    return this.widget.locator('.quick-input-title', { hasText: title });
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

  /** The message under the input, for example a validation error. */
  message(): Promise<string> {
    return this.widget.locator('.quick-input-message').innerText();
  }

  /** The accessible label of each visible row at one moment: label, description, detail. */
  items(): Promise<string[]> {
    return this.#rows.evaluateAll((rows: DrawnElement[]) =>
      rows.map((row) => row.getAttribute('aria-label') ?? ''),
    );
  }

  /** The rows with exactly this label. */
  row(label: string): Locator {
    const name = this.#page
      .locator('.monaco-icon-name-container')
      .getByText(label, { exact: true });
    return this.#rows.filter({ has: name });
  }

  /** Clicks the row with this label. Clicks again if that had no effect, because the list was being redrawn. */
  async choose(label: string): Promise<void> {
    const row = this.row(label).first();
    const heading = await this.#heading();
    await row.click();
    for (let attempt = 0; attempt < 30; attempt++) {
      if (!(await row.isVisible()) || (await this.#heading()) !== heading) return;
      await this.#page.waitForTimeout(100);
    }
    await row.click();
  }

  /** The text of the input. */
  text(): Promise<string> {
    return this.#input.inputValue();
  }

  /** Replaces the text of the input. */
  async type(text: string): Promise<void> {
    await this.#input.fill(text);
  }

  /** Replaces the path in a file dialog, which fills the input with a path when it opens. */
  async typePath(path: string): Promise<void> {
    for (let unchanged = 0; unchanged < 5; unchanged++) {
      if ((await this.#input.inputValue()) !== path) {
        await this.#input.fill(path);
        unchanged = 0;
      }
      await this.#page.waitForTimeout(100);
    }
  }

  /** Selects or clears a row of a multi-select quick pick. */
  async toggle(label: string): Promise<void> {
    const box = this.row(label).first().getByRole('checkbox');
    const wasChecked = await box.isChecked();
    await patiently(async (timeout) => {
      if ((await box.isChecked()) === wasChecked) await box.click({ timeout });
      const toggled = this.widget.locator(`[aria-checked="${String(!wasChecked)}"]`);
      await box.and(toggled).waitFor({ timeout });
    }, undefined);
  }

  /** The labels of the visible rows that are selected. */
  selectedLabels(): Promise<string[]> {
    return (
      this.widget
        // A row that was drawn for another list can have a hidden second label.
        .locator('.quick-input-list .monaco-list-row[aria-checked="true"] .label-name:visible')
        .allInnerTexts()
    );
  }

  /** Presses Enter: accepts the highlighted row, the text, or all selected rows. */
  async accept(): Promise<void> {
    // After a click on a checkbox, Enter would toggle it again.
    await this.#input.press('Enter');
  }

  async back(): Promise<void> {
    await this.widget.getByRole('button', { name: 'Back' }).click();
  }

  /** Clicks a button in the title bar or in a row by its tooltip. */
  async press(button: string): Promise<void> {
    await this.widget.getByRole('button', { name: button }).first().click();
  }

  /** Toggles a button in the input, or in the title bar of older versions, by its tooltip. */
  async switch(name: string): Promise<void> {
    const inTitle = this.widget.getByRole('button', { name });
    await this.widget.getByRole('checkbox', { name }).or(inTitle).first().click();
  }

  async escape(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  /** Identifies a step. Rows of the next step can have the same labels. */
  async #heading(): Promise<string> {
    const title = await this.widget.locator('.quick-input-title').textContent();
    // By class, because a box that was just hidden no longer has a role.
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
