import type { Locator, Page } from 'playwright-core';

/** The modal dialog; refused by VS Code while `extensionTestsPath` is set. */
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

  /** The names of its buttons, in their order. */
  async buttons(): Promise<string[]> {
    return this.box.locator('.dialog-buttons').getByRole('button').allInnerTexts();
  }

  /** Presses a button by its exact name and waits until the dialog is gone. */
  async press(button: string): Promise<void> {
    await this.box.getByRole('button', { name: button, exact: true }).click();
    await this.box.waitFor({ state: 'hidden' });
  }
}
