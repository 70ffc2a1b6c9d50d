import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { repository } from '../../setup/repository.ts';
import { Dialog } from './dialog.ts';
import { Editor } from './editor.ts';
import { patiently } from './patiently.ts';
import { QuickPick } from './quickPick.ts';
import { Tree } from './tree.ts';

/** One VS Code window, driven and read as a user does: by roles, labels and keys. */
export class Workbench {
  readonly page: Page;
  readonly quickPick: QuickPick;
  readonly dialog: Dialog;
  /** The active editor. */
  readonly editor: Editor;
  /** The rows of the side bar's views. */
  readonly tree: Tree;

  constructor(page: Page) {
    this.page = page;
    this.quickPick = new QuickPick(page);
    this.dialog = new Dialog(page);
    this.editor = new Editor(page.locator('.part.editor .editor-instance .monaco-editor').first());
    this.tree = new Tree(page, page.locator('.part.sidebar'));
  }

  /** Opens the window and waits for the workbench. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60_000 });
    await this.ready();
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded', timeout: 60_000 });
    await this.ready();
  }

  /** Opens a file of the workspace by its name through Quick Open. */
  async openFile(name: string): Promise<void> {
    const base = name.split('/').at(-1) ?? name;
    // Doesn't match the tab of a file whose name only begins with this one.
    const tabName = new RegExp(`^${base.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`);
    await patiently(async (timeout) => {
      await this.page.keyboard.press('Control+p');
      await this.quickPick.type(name);
      // Enter would accept the first row, which is a recently opened file for a moment.
      await this.quickPick.row(name).first().click({ timeout });
      await this.page.getByRole('tab', { name: tabName, selected: true }).waitFor({ timeout });
    }, this.page);
    await this.editor.waitFor();
  }

  /** Selects whole lines of the active editor, 1-based and inclusive, without the last line's break. */
  async selectLines(from: number, to: number): Promise<void> {
    await patiently(async (timeout) => {
      await this.page.keyboard.press('Control+g');
      await this.quickPick.widget.waitFor({ timeout });
      await this.quickPick.type(`:${from}`);
      await this.page.keyboard.press('Enter');
      await this.quickPick.widget.waitFor({ state: 'hidden', timeout });
    }, this.page);
    await this.page.keyboard.press('Home');
    for (let line = from; line < to; line++) await this.page.keyboard.press('Shift+ArrowDown');
    await this.page.keyboard.press('Shift+End');
  }

  /** Presses F2 on a row and gives what it shows a new name. */
  async rename(row: string, title: string, name: string): Promise<void> {
    await patiently(async (timeout) => {
      await this.tree.click(row);
      await this.page.keyboard.press('F2');
      // The box closes if the focus is still on its way elsewhere, for example from the palette.
      await this.quickPick.titled(title).waitFor({ timeout });
      await this.quickPick.type(name);
      await this.quickPick.accept();
    }, this.page);
  }

  /**
   * Runs a command from the Command Palette by its exact title with category ("View: Show Explorer").
   * The palette lists the commands that were enabled when it opened, so it is opened again to find a
   * command that was enabled later, for example after a reload.
   */
  async runCommand(title: string): Promise<void> {
    await patiently(async (timeout) => {
      await this.page.keyboard.press('F1');
      await this.quickPick.type(`>${title}`);
      const row = this.quickPick.row(title).first();
      await row.click({ timeout });
      await row.waitFor({ state: 'hidden', timeout });
    }, this.page);
  }

  /** The titles that the Command Palette offers for a text in the current context. */
  async findCommands(text: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.quickPick.type(`>${text}`);
    await this.page.waitForTimeout(500);
    const labels = await this.quickPick.items();
    await this.quickPick.escape();
    return labels;
  }

  /**
   * Opens a view container of the activity bar by its title. A click can close the container again if
   * the window is still restoring it.
   */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name: title });
    await tab.waitFor();
    await patiently(async (timeout) => {
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click({ timeout });
      const heading = this.page.locator('.part.sidebar .composite.title', { hasText: title });
      await heading.waitFor({ timeout });
    }, this.page);
  }

  /** The text of a welcome view in the side bar. */
  welcomeText(): Promise<string> {
    return this.page.locator('.part.sidebar .welcome-view-content').first().innerText();
  }

  /** Opens an output channel by its name. Read it with `outputText`. */
  async openOutput(channel: string): Promise<void> {
    await this.runCommand('Output: Show Output Channels...');
    await this.quickPick.choose(channel);
    await this.output.waitFor();
  }

  /** The visible lines of the output panel. */
  outputText(): Promise<string> {
    return this.output.visibleText();
  }

  /** The whole text of the output panel. */
  wholeOutputText(): Promise<string> {
    return this.output.wholeText();
  }

  /** The texts of the visible notifications, newest first. */
  notifications(): Promise<string[]> {
    return this.#toasts.locator('.notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification and returns it; find its buttons with `.getByRole('button', { name })`. */
  async notification(text: string | RegExp): Promise<Locator> {
    const toast = this.#toasts.locator('.notification-list-item', { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** The texts of the status bar's entries. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  /** The titles of the open editors. */
  tabs(): Promise<string[]> {
    return this.page.locator('.part.editor .tab .label-name').allTextContents();
  }

  /**
   * Writes `test-results/<name>.png`.
   * @returns the file's path
   */
  async screenshot(name: string): Promise<string> {
    const folder = join(repository, 'test-results');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  get output(): Editor {
    return new Editor(this.page.locator('.part.panel .monaco-editor').first());
  }

  get #toasts(): Locator {
    return this.page.locator('.notifications-toasts');
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: 60_000 });
    // The remote indicator appears when the extension host is connected.
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
  }
}
