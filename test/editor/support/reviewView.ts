import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { patiently } from '../harness/patiently.ts';
import type { TreeRow } from '../harness/tree.ts';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';

/** The review as a view, as the user sees it. */
export class ReviewView {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  isOpen(): Promise<boolean> {
    return this.starting.isVisible();
  }

  /** The labels of the selected nodes whose rows are visible. */
  async selectedLabels(): Promise<string[]> {
    const boxes = this.#pane.locator('[aria-level="2"]').filter({
      has: this.#workbench.page.locator('[role="checkbox"][aria-checked="true"]'),
    });
    return boxes.locator('.label-name').allInnerTexts();
  }

  /** The row whose text begins like this. Nothing separates label and description: `web1127.0.0.1`. */
  row(text: RegExp): Locator {
    return this.#pane.getByRole('treeitem').filter({ hasText: text }).first();
  }

  /** All visible rows: label, a space, description. */
  async rows(): Promise<string[]> {
    const rows: TreeRow[] = await this.#workbench.tree.rows();
    return rows.map(({ text }) => text);
  }

  /** Waits until there is a row whose text, label and description, matches. */
  async says(text: RegExp, timeoutMs?: number): Promise<void> {
    await eventually(async () => {
      const rows = await this.rows();
      assert.ok(
        rows.some((row) => text.test(row)),
        `no row ${String(text)}, only ${rows.join(' | ')}`,
      );
    }, timeoutMs);
  }

  /** Waits for a warning. Its row has only its first line, but its accessible label has all of it. */
  async warns(text: string): Promise<void> {
    await this.#pane
      .getByRole('treeitem', { name: `Warning: ${text}` })
      .waitFor({ timeout: 60_000 });
  }

  async saysNot(text: RegExp): Promise<void> {
    await eventually(async () => {
      const rows = await this.rows();
      assert.ok(!rows.some((row) => text.test(row)), `${String(text)} in ${rows.join(' | ')}`);
    });
  }

  /** Clicks a row until there is another one, because rows can be redrawn under the pointer. */
  async click(row: RegExp, then: RegExp): Promise<void> {
    await patiently(async (timeout) => {
      await this.row(row).click({ timeout });
      await this.row(then).waitFor({ timeout });
    }, this.#workbench.page);
  }

  /** Clicks the row that starts the run until the review closes. */
  async run(row: RegExp): Promise<void> {
    await patiently(async (timeout) => {
      if (!(await this.starting.isVisible())) return;
      await this.row(row).click({ timeout });
      await this.starting.waitFor({ state: 'detached', timeout });
    }, this.#workbench.page);
  }

  /** Clicks a row until the quick pick with this title opens. */
  async clickFor(row: RegExp, title: string): Promise<void> {
    const { page, quickPick } = this.#workbench;
    await patiently(async (timeout) => {
      await this.row(row).click({ timeout });
      await quickPick.titled(title).waitFor({ timeout });
    }, page);
    await quickPick.waitFor(title);
  }

  /** Clicks the check box of a row. */
  async check(row: RegExp): Promise<void> {
    await this.#workbench.tree.check(row);
  }

  isChecked(row: RegExp): Promise<boolean> {
    return this.row(row).getByRole('checkbox').isChecked();
  }

  async cancel(): Promise<void> {
    await this.#workbench.runCommand('Consul Exec: Cancel the Review');
    await this.waitUntilClosed();
  }

  async waitUntilClosed(): Promise<void> {
    await this.starting.waitFor({ state: 'detached' });
  }

  /** Presses a button of the view's title. */
  async press(title: string): Promise<void> {
    await this.#pane.getByRole('button', { name: title }).first().click();
  }

  /** The first row of an open review. */
  get starting(): Locator {
    // The Fleet view has a row "Run on 2 nodes…".
    return this.row(/^(Run on \d+ nodes?(?![s…])|Select at least)/);
  }

  get #pane(): Locator {
    return this.#workbench.page.locator('.part.sidebar');
  }
}
