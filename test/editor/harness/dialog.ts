import type { Locator, Page } from 'playwright-core';
import { patiently } from './patiently.ts';

/** The modal dialog. VS Code refuses to show it while `extensionTestsPath` is set. */
export class Dialog {
  readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  async waitFor(text?: string | RegExp): Promise<void> {
    await (text === undefined ? this.box : this.box.filter({ hasText: text })).waitFor();
  }

  isOpen(): Promise<boolean> {
    return this.box.isVisible();
  }

  /** Its message and detail, without the buttons. */
  async text(): Promise<string> {
    await this.box.waitFor();
    return this.box.locator('.dialog-message-container').innerText();
  }

  /** The names of its buttons, in order. */
  async buttons(): Promise<string[]> {
    return this.box.locator('.dialog-buttons').getByRole('button').allInnerTexts();
  }

  /** Clicks a button by its exact name and waits until the dialog closes. */
  async press(button: string): Promise<void> {
    const target = this.box.getByRole('button', { name: button, exact: true });
    await target.waitFor();
    await patiently(async (timeout) => {
      if (await target.isVisible()) await target.click({ timeout });
      await this.box.waitFor({ state: 'hidden', timeout });
    }, undefined);
  }
}
