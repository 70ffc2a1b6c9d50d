import type { Locator } from 'playwright-core';

/** The part of a DOM element that tests read; the project has no DOM types. */
interface DrawnLine {
  readonly textContent: string;
  getBoundingClientRect(): { readonly top: number };
}

/** An editor, or the output panel, which is one too. */
export class Editor {
  readonly root: Locator;

  constructor(root: Locator) {
    this.root = root;
  }

  async waitFor(): Promise<void> {
    await this.root.locator('.view-lines').waitFor();
  }

  /** The visible lines, top to bottom. VS Code renders only those, and wraps long ones. */
  async visibleText(): Promise<string> {
    const lines = await this.root.locator('.view-line').evaluateAll((elements: DrawnLine[]) =>
      elements
        .map((element) => ({
          top: element.getBoundingClientRect().top,
          // The editor renders spaces as no-break spaces.
          text: element.textContent.replaceAll('\u00a0', ' '),
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join('\n');
  }

  /** The whole text. Selects everything and copies it to the clipboard. */
  async wholeText(): Promise<string> {
    const page = this.root.page();
    await this.root.locator('.native-edit-context, textarea.inputarea').first().focus();
    await page.keyboard.press('Control+a');
    await page.evaluate("navigator.clipboard.writeText('')");
    await page.keyboard.press('Control+c');
    for (let attempt = 0; attempt < 50; attempt++) {
      const text = await page.evaluate<string>('navigator.clipboard.readText()');
      if (text !== '') return text.replaceAll('\r\n', '\n');
      await page.waitForTimeout(50);
    }
    return '';
  }

  /** The texts of the code lenses on the screen. */
  codeLenses(): Promise<string[]> {
    return this.root.locator('.codelens-decoration').allInnerTexts();
  }
}
