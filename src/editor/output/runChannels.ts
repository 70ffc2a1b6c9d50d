import * as vscode from 'vscode';
import { takeTurns } from '../../exec/turns.ts';
import { ChannelOutput } from '../../runs/channelOutput.ts';
import { exitLine, footerLines, headerLine, nameWidth, stateLine } from '../../runs/channelText.ts';
import { describeTime } from '../../runs/describeTime.ts';
import { displayName } from '../../runs/displayText.ts';
import type { Run } from '../../runs/run.ts';
import { SETTINGS } from '../contributions.ts';
import type { RunChange, RunService } from '../runs/runService.ts';
import { BufferedChannel } from './bufferedChannel.ts';

/** Channels of runs kept open; the oldest is released first, and made anew when asked for. */
const MOST_CHANNELS = 12;

/** One output channel for each run, written as output comes: whole lines, each led by its node. */
export class RunChannels implements vscode.Disposable {
  readonly #runs: RunService;
  readonly #subscriptions: vscode.Disposable[];
  /** In the order they were made. */
  readonly #channels = new Map<Run, RunChannel>();

  constructor(runs: RunService) {
    this.#runs = runs;
    this.#subscriptions = [
      runs.onDidChange((change) => this.#write(change)),
      runs.onDidChangeList(() => this.#releaseRemoved()),
    ];
  }

  /** Shows a run's channel, leaving the focus where it is. */
  async show(run: Run): Promise<void> {
    const known = this.#channels.get(run);
    const channel = known ?? this.#open(run);
    if (!known) await channel.replay();
    channel.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  #write(change: RunChange): void {
    const { run, event } = change;
    if (event.kind === 'started') {
      const channel = this.#open(run);
      channel.begin();
      if (showsOutput()) channel.show();
    }
    this.#channels.get(run)?.write(change);
  }

  #open(run: Run): RunChannel {
    const channel = new RunChannel(run);
    this.#channels.set(run, channel);
    for (const [oldest, its] of this.#channels) {
      if (this.#channels.size <= MOST_CHANNELS) break;
      if (oldest.ledger.end === undefined) continue;
      its.dispose();
      this.#channels.delete(oldest);
    }
    return channel;
  }

  #releaseRemoved(): void {
    for (const [run, channel] of this.#channels) {
      if (this.#runs.find(run.info.id)) continue;
      channel.dispose();
      this.#channels.delete(run);
    }
  }
}

/** Whether a run brings its output to the front as it begins. */
function showsOutput(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS).get('showOutputOnRun', true);
}

class RunChannel implements vscode.Disposable {
  readonly #run: Run;
  readonly #channel: BufferedChannel;
  readonly #width: number;
  readonly #output: ChannelOutput;
  /** What happens while what came before is written; undefined otherwise. */
  #queue: RunChange[] | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#width = nameWidth(run.info.targets);
    this.#output = new ChannelOutput(this.#width);
    const time = describeTime(run.info.createdAt, true);
    this.#channel = new BufferedChannel(
      `${displayName(run.info.title).slice(0, 40)} · ${time} (Consul Exec)`,
    );
  }

  begin(): void {
    this.#channel.append([headerLine(this.#run)]);
  }

  write(change: RunChange): void {
    if (this.#queue) this.#queue.push(change);
    else this.#write(change);
  }

  #write({ event }: RunChange): void {
    switch (event.kind) {
      case 'output':
        this.#append(this.#output.push(event.node, event.bytes));
        return;
      case 'exited':
      case 'lost':
        this.#closeNode(event.node);
        return;
      case 'warning':
        this.#channel.append([`⚠ ${event.text}`]);
        return;
      case 'finished':
        this.#finish(event.reason);
        return;
      case 'started':
      case 'announced':
      case 'partFinished':
      case 'acknowledged':
      case 'heartbeat':
        return;
    }
  }

  /** Writes what has come so far, node by node: the order lines came in is not kept. */
  async replay(): Promise<void> {
    this.begin();
    this.#queue = [];
    const { ledger, output } = this.#run;
    const { end, reason } = ledger;
    // Taken at one moment: whatever comes later is in the queue.
    const soFar = Array.from(ledger.nodes, ({ node, state }) => {
      return { node, state, size: output.size(node) };
    });
    const turn = takeTurns();
    for (const { node, state, size } of soFar) {
      await turn();
      for await (const lines of this.#output.replay(output, node, size)) this.#append(lines);
      if (state === 'exited') this.#closeNode(node);
    }
    if (end !== undefined) this.#finish(reason);
    const queue = this.#queue;
    this.#queue = undefined;
    for (const change of queue) this.#write(change);
  }

  show(): void {
    this.#channel.show();
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #finish(reason: string | undefined): void {
    this.#append(this.#output.endAll());
    if (reason) this.#channel.append([`⚠ ${reason}`]);
    this.#channel.append(footerLines(this.#run));
    this.#channel.flush();
  }

  #closeNode(node: string): void {
    const result = this.#run.ledger.get(node);
    if (!result) return;
    this.#append(this.#output.end(node));
    this.#channel.append([
      result.state === 'exited'
        ? exitLine(result, this.#width)
        : stateLine(result, this.#run, this.#width, Date.now()),
    ]);
  }

  #append(lines: readonly string[]): void {
    if (lines.length > 0) this.#channel.append(lines);
  }
}
