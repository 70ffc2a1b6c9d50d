import assert from 'node:assert/strict';
import type { Workbench } from '../harness/workbench.ts';
import { eventually } from './eventually.ts';
import { ReviewView } from './reviewView.ts';

/** What to select before the review: a service from the list, and by default all of its nodes. */
export interface Path {
  /** A service of the list, or 'Any Service'. */
  readonly service: string;
  /** A tag of the list; any by default. */
  readonly tag?: string;
  /** Names of nodes to select; all by default. */
  readonly nodes?: readonly string[];
}

export type Step = 'service' | 'tag' | 'nodes' | 'review';

const titles: Readonly<Record<Step, string | RegExp>> = {
  service: 'Run on Nodes: Service',
  tag: 'Run on Nodes: Tag',
  nodes: 'Run on Nodes: Nodes',
  review: /^Run on \d+ nodes?\b/,
};

/** What is between a job and its run: the quick picks, and the review, which can be a view. */
export class TargetPicks {
  /** The review, where it is a view. */
  readonly view: ReviewView;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.view = new ReviewView(workbench);
  }

  /** Waits for a quick pick. The review can also open as a view. */
  async waitFor(step: Step): Promise<void> {
    const { quickPick } = this.#workbench;
    if (step === 'review') {
      const either = quickPick.titled(titles.review).or(this.view.starting);
      // A hidden quick pick has the title from before.
      await either.filter({ visible: true }).first().waitFor();
      if (await this.view.isOpen()) return;
    }
    await quickPick.waitFor(titles[step]);
  }

  /** Chooses the row for all nodes that match so far. */
  async allNodes(): Promise<void> {
    const { quickPick } = this.#workbench;
    const labels = (await quickPick.items()).map((item) => item.split(',')[0]?.trim() ?? '');
    const label = labels.find((text) => /^(All \d+ nodes|The only node)$/.test(text));
    if (label === undefined) throw new Error(`no row for all nodes, only ${labels.join(' | ')}`);
    await quickPick.choose(label);
  }

  /** Chooses a row for an expression, such as 'Node Matches…', and types one without accepting it. */
  async typeExpression(row: string, expression: string): Promise<void> {
    const { quickPick } = this.#workbench;
    await quickPick.choose(row);
    // Until the input is there, keys would go into the filter of the rows.
    await quickPick.widget.getByText('A regular expression (RE2)').waitFor();
    await quickPick.type(expression);
  }

  /** From the first step to the review, which is open when this resolves. */
  async toReview({ service, tag = 'Any Tag', nodes }: Path): Promise<void> {
    const { quickPick } = this.#workbench;
    await this.waitFor('service');
    await quickPick.choose(service);
    if (service !== 'Any Service') {
      await this.waitFor('tag');
      await quickPick.choose(tag);
    }
    await this.waitFor('nodes');
    if (nodes) {
      await quickPick.choose('Select Nodes…');
      await quickPick.row(nodes[0] ?? '').waitFor();
      for (const node of nodes) await quickPick.toggle(node);
      await quickPick.accept();
    } else {
      await this.allNodes();
    }
    await this.waitFor('review');
  }

  /** From the first step to a run that has been started. */
  async run(path: Path): Promise<void> {
    await this.toReview(path);
    await this.start();
  }

  /** Does what starts the run in the review that is open. A question can follow. */
  async start(): Promise<void> {
    const { quickPick } = this.#workbench;
    await this.waitFor('review');
    if (await this.view.isOpen()) {
      await this.view.run(/^Run on \d+ node/);
    } else {
      await quickPick.accept();
      await quickPick.waitUntilClosed();
    }
  }

  /** From the review to the steps of a run in steps. */
  async startInSteps(): Promise<void> {
    const { quickPick } = this.#workbench;
    await this.waitFor('review');
    if (await this.view.isOpen()) {
      await this.view.clickFor(/^Run in Steps…/, 'Run in Steps');
    } else {
      await quickPick.press('Run in steps: on a few nodes first, then on the rest');
      await quickPick.waitFor('Run in Steps');
    }
  }

  /** Leaves the review without a run. */
  async leave(): Promise<void> {
    await this.waitFor('review');
    if (await this.view.isOpen()) await this.view.cancel();
    else await this.#workbench.quickPick.escape();
  }

  /** Waits until the review selects exactly these nodes: its rows come after its title. */
  async untilSelected(labels: readonly string[]): Promise<void> {
    await this.waitFor('review');
    await eventually(async () => {
      const { quickPick } = this.#workbench;
      const isView = await this.view.isOpen();
      const selected = await (isView ? this.view : quickPick).selectedLabels();
      assert.deepEqual(selected.toSorted(), labels.toSorted());
    });
  }
}
