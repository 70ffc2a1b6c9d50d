import type { Workbench } from '../harness/workbench.ts';

/** What to choose on the way to the review; a service from the list, all of its nodes by default. */
export interface Path {
  /** A service of the list, or `Any service`. */
  readonly service: string;
  /** A tag of the list; any by default. */
  readonly tag?: string;
  /** Names of nodes to tick; all by default. */
  readonly nodes?: readonly string[];
}

export type Step = 'service' | 'tag' | 'nodes' | 'review';

const titles: Readonly<Record<Step, string | RegExp>> = {
  service: 'Run on Nodes: Service',
  tag: 'Run on Nodes: Tag',
  nodes: 'Run on Nodes: Nodes',
  review: /^Run on \d+ nodes?\b/,
};

/** The quick picks that lead from a job to a run. */
export class TargetPicks {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async waitFor(step: Step): Promise<void> {
    await this.#workbench.quickPick.waitFor(titles[step]);
  }

  /** Chooses the row for all nodes that are left. */
  async allNodes(): Promise<void> {
    const { quickPick } = this.#workbench;
    const labels = (await quickPick.items()).map((item) => item.split(',')[0]?.trim() ?? '');
    const label = labels.find((one) => /^(All \d+ nodes|The one node)$/.test(one));
    if (label === undefined) throw new Error(`no row for all nodes, only ${labels.join(' | ')}`);
    await quickPick.choose(label);
  }

  /** Chooses a row for an expression, such as `Node matches…`, and types one without accepting it. */
  async typeExpression(row: string, expression: string): Promise<void> {
    const { quickPick } = this.#workbench;
    await quickPick.choose(row);
    // Until the input is there, keys would go into the filter of the rows.
    await quickPick.widget.getByText('A regular expression (RE2)').waitFor();
    await quickPick.type(expression);
  }

  /** From the first step to the review, which is open when this resolves. */
  async toReview({ service, tag = 'Any tag', nodes }: Path): Promise<void> {
    const { quickPick } = this.#workbench;
    await this.waitFor('service');
    await quickPick.choose(service);
    if (service !== 'Any service') {
      await this.waitFor('tag');
      await quickPick.choose(tag);
    }
    await this.waitFor('nodes');
    if (nodes) {
      await quickPick.choose('Tick nodes…');
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
    await this.#workbench.quickPick.accept();
    await this.#workbench.quickPick.waitUntilClosed();
  }
}
