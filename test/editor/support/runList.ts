import assert from 'node:assert/strict';
import type { DrawnElement } from '../harness/drawnElement.ts';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';

/** A run in the Runs view, as drawn. */
export interface DrawnRun {
  readonly label: string;
  /** `3 ok · 1 silent · 2:02 PM` */
  readonly words: string;
  /** Each node's state in words, in the order of the rows. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** The Runs view, which must be open. Runs are found by the start of their label. */
export class RunList {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async open(): Promise<void> {
    await this.#workbench.openView('Consul Exec');
  }

  /** All runs with their nodes, newest first; only what is on the screen, at one moment. */
  async all(): Promise<DrawnRun[]> {
    const runs: { label: string; words: string; nodes: Map<string, string> }[] = [];
    for (const { level, label, words } of await this.#rows()) {
      if (level === 1) runs.push({ label, words, nodes: new Map() });
      else runs.at(-1)?.nodes.set(label, words);
    }
    return runs;
  }

  /** The groups under the newest run with this label: label, a space, words; in their order. */
  async groups(label: string): Promise<string[]> {
    const rows = await this.#rows();
    const start = rows.findIndex((row) => row.level === 1 && row.label.startsWith(label)) + 1;
    const end = rows.findIndex(({ level }, index) => index >= start && level === 1);
    return rows
      .slice(start, end === -1 ? rows.length : end)
      .filter(({ level }) => level === 2)
      .map((row) => `${row.label} ${row.words}`);
  }

  #rows(): Promise<{ level: number; label: string; words: string }[]> {
    return this.#workbench.page
      .locator('.part.sidebar')
      .getByRole('treeitem')
      .evaluateAll((elements: DrawnElement[]) =>
        elements.map((element) => ({
          level: Number(element.getAttribute('aria-level')),
          label: element.querySelector('.label-name')?.textContent ?? '',
          words: element.querySelector('.label-description')?.textContent ?? '',
        })),
      );
  }

  /** Waits until `check` holds for the newest run with this label, and gives the run. */
  async until(
    label: string,
    check: (run: DrawnRun) => void,
    timeoutMs = 30_000,
  ): Promise<DrawnRun> {
    return eventually(async () => {
      const runs = await this.all();
      const found = runs.find((run) => run.label.startsWith(label));
      assert.ok(found, `no run “${label}”, only ${runs.map((run) => run.label).join(' | ')}`);
      check(found);
      return found;
    }, timeoutMs);
  }

  /** Waits until the newest run with this label is over. */
  async ended(label: string, timeoutMs?: number): Promise<DrawnRun> {
    return this.until(
      label,
      ({ words }) => {
        assert.notEqual(words, '');
        assert.doesNotMatch(words, / of \d+ done|^going on/);
      },
      timeoutMs,
    );
  }
}
