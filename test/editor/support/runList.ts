import assert from 'node:assert/strict';
import type { DrawnElement } from '../harness/drawnElement.ts';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';

/** A run as the Runs view shows it, or a run in steps with all of its steps. */
export interface DrawnRun {
  readonly label: string;
  /** `1 no response · 3 ok · 2:02 PM` */
  readonly words: string;
  /** The state text of each node, in the order of the rows. */
  readonly nodes: ReadonlyMap<string, string>;
}

const STEP = /^Step \d+/;

/** Reads the Runs view, which must be open. Finds runs by the start of their label. */
export class RunList {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async open(): Promise<void> {
    await this.#workbench.openView('Consul Exec');
  }

  /**
   * All runs with their nodes, newest first, at one moment; only visible rows. The steps of a run are one
   * run, with the nodes of all of its expanded steps.
   */
  async all(): Promise<DrawnRun[]> {
    const runs: { label: string; words: string; nodes: Map<string, string> }[] = [];
    for (const { level, label, words } of await this.#rows()) {
      if (level === 1) runs.push({ label, words, nodes: new Map() });
      else if (!STEP.test(label)) runs.at(-1)?.nodes.set(label, words);
    }
    return runs;
  }

  /** The texts of the steps under the newest run with this label, the latest first: `Step 2 1 ok · 2:02 PM`. */
  async steps(label: string): Promise<string[]> {
    return (await this.groups(label)).filter((text) => STEP.test(text));
  }

  /** How many jobs ran: runs without steps, and steps. */
  async jobs(): Promise<number> {
    const rows = await this.#rows();
    const tops = rows.filter(({ level }) => level === 1);
    const steps = rows.filter(({ label }) => STEP.test(label));
    const inSteps = rows.filter(
      ({ level }, index) => level === 1 && STEP.test(rows[index + 1]?.label ?? ''),
    );
    return tops.length - inSteps.length + steps.length;
  }

  /** The groups of the newest run with this label, in order: label, a space, description. */
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

  /** Waits until `check` passes for the newest run with this label, and returns the run. */
  async until(
    label: string,
    check: (run: DrawnRun) => void,
    timeoutMs = 30_000,
  ): Promise<DrawnRun> {
    return eventually(async () => {
      const runs = await this.all();
      const found = runs.find((run) => run.label.startsWith(label));
      assert.ok(found, `no run "${label}", only ${runs.map((run) => run.label).join(' | ')}`);
      check(found);
      return found;
    }, timeoutMs);
  }

  /**
   * Waits until the newest run with this label has finished. The editor draws the rows of nodes later
   * than the row of their run, so nodes that are still drawn as at work are waited for as well.
   */
  async ended(label: string, timeoutMs?: number): Promise<DrawnRun> {
    return this.until(
      label,
      ({ words, nodes }) => {
        assert.notEqual(words, '');
        assert.doesNotMatch(words, / of \d+ done|^active/);
        assert.doesNotMatch([...nodes.values()].join('\n'), /^(waiting for|running)/m);
      },
      timeoutMs,
    );
  }
}
