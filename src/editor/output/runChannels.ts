import * as vscode from 'vscode';
import { createYielder } from '../../base/yielder.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { ChannelOutput, fairShare } from '../../runs/documents/channelOutput.ts';
import { MAX_CHANNEL_CHARACTERS } from '../../runs/documents/channelTail.ts';
import {
  exitLine,
  footerLines,
  headerLine,
  nameWidth,
  noteLine,
  stateLine,
} from '../../runs/documents/channelText.ts';
import { isOver } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { RUNBOOK, SETTINGS } from '../base/contributions.ts';
import type { RunChange, RunList } from '../runs/runList.ts';
import type { EncodingChoices } from './encodingChoices.ts';
import { BufferedChannel, channelName } from './bufferedChannel.ts';
import { isReread } from '../../exec/events/isReread.ts';
import { ReplayQueue } from './replayQueue.ts';

/** The oldest channel of a finished run is closed beyond this number, and created again on request. */
const MAX_RUN_CHANNELS = 12;

/** One output channel for each run: whole lines as they arrive, each after the name of its node. */
export class RunChannels implements vscode.Disposable {
  readonly #runs: RunList;
  readonly #subscriptions: vscode.Disposable[];
  /** By the run's id, oldest first. */
  readonly #channels = new Map<string, RunChannel>();

  constructor(runs: RunList, encodings: EncodingChoices) {
    this.#runs = runs;
    this.#subscriptions = [
      encodings.onDidChange((run) => void this.#channels.get(run.info.id)?.redraw()),
      runs.onDidChange((change) => this.#write(change)),
      runs.onDidChangeList(() => this.#releaseRemoved()),
    ];
  }

  /** Shows a run's channel without moving the focus. */
  async show(run: Run): Promise<void> {
    const known = this.#channels.get(run.info.id);
    const channel = known ?? this.#open(run);
    if (!known) await channel.replay();
    channel.show();
  }

  /** @returns the id of the run with a channel of this name */
  runOf(name: string): string | undefined {
    return this.#channels.entries().find(([, channel]) => channel.name === name)?.[0];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }

  #write({ run, event }: RunChange): void {
    if (event.kind === 'started') {
      const channel = this.#open(run);
      channel.begin();
      if (shouldShowOutput()) channel.show();
    }
    const channel = this.#channels.get(run.info.id);
    if (isReread(event)) channel?.follow(run);
    channel?.write(event);
  }

  #open(run: Run): RunChannel {
    const channel = new RunChannel(run);
    this.#channels.set(run.info.id, channel);
    for (const [id, oldest] of this.#channels) {
      if (this.#channels.size <= MAX_RUN_CHANNELS) break;
      if (!oldest.isOver) continue;
      oldest.dispose();
      this.#channels.delete(id);
    }
    return channel;
  }

  #releaseRemoved(): void {
    for (const [id, channel] of this.#channels) {
      if (this.#runs.find(id)) continue;
      channel.dispose();
      this.#channels.delete(id);
    }
  }
}

/** Whether to show a run's output when the run starts. */
/** A cell of a runbook shows its result itself, and the panel would cover the next cells. */
function shouldShowOutput(): boolean {
  if (vscode.window.activeNotebookEditor?.notebook.notebookType === RUNBOOK) return false;
  return vscode.workspace.getConfiguration(SETTINGS).get('showOutputOnRun', true);
}

class RunChannel implements vscode.Disposable {
  #run: Run;
  readonly #channel: BufferedChannel;
  readonly #width: number;
  #output: ChannelOutput;
  readonly #queue = new ReplayQueue((event) => this.#write(event));

  constructor(run: Run) {
    this.#run = run;
    this.#width = nameWidth(run.info.targets);
    this.#output = this.#createOutput();
    this.#channel = new BufferedChannel(channelName(run.info));
  }

  get name(): string {
    return this.#channel.name;
  }

  get isOver(): boolean {
    return this.#run.ledger.end !== undefined;
  }

  /** A run that continues is read from the history anew. */
  follow(run: Run): void {
    this.#run = run;
  }

  begin(): void {
    this.#channel.append([headerLine(this.#run)]);
  }

  write(event: RunEvent): void {
    this.#queue.push(event);
  }

  #write(event: RunEvent): void {
    switch (event.kind) {
      case 'output':
        this.#append(this.#output.push(event.node, event.bytes));
        return;
      case 'gap':
        this.#append(this.#output.push(event.node, { position: 0, chunks: event.chunks }));
        return;
      case 'exited':
      case 'lost':
      case 'cut':
        this.#closeNode(event.node);
        return;
      case 'ended':
        this.#noteState(event.node);
        return;
      case 'finished':
        this.#finish(event.reason);
        return;
      default: {
        const line = noteLine(event);
        if (line !== undefined) this.#channel.append([line]);
      }
    }
  }

  /** Writes the output so far, node by node, because the order of lines between nodes isn't stored. */
  async replay(): Promise<void> {
    this.begin();
    await this.#queue.replay(() => this.#writeSoFar());
  }

  async #writeSoFar(): Promise<void> {
    const { ledger, output } = this.#run;
    const { end, reason } = ledger;
    // Captured at one moment: later events are in the queue.
    const soFar = Array.from(ledger.nodes, ({ node, state }) => {
      return { node, state, size: output.size(node), gaps: [...output.gaps(node)] };
    });
    const sizes = soFar.map(({ size }) => size);
    const maxBytes = fairShare(sizes, MAX_CHANNEL_CHARACTERS / 2);
    const maybeYield = createYielder();
    for (const { node, state, size, gaps } of soFar) {
      await maybeYield();
      const lines = this.#output.replay(output, node, size, { gaps, maxBytes });
      for await (const some of lines) this.#append(some);
      if (isOver({ state })) this.#closeNode(node);
    }
    if (end !== undefined) this.#finish(reason);
  }

  /** Writes everything again, after an encoding changed. */
  async redraw(): Promise<void> {
    await this.#queue.replay(() => {
      this.#channel.clear();
      this.#output = this.#createOutput();
      this.begin();
      return this.#writeSoFar();
    });
  }

  show(): void {
    this.#channel.show();
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #createOutput(): ChannelOutput {
    return new ChannelOutput(this.#width, (node) => this.#run.output.decoding(node));
  }

  #finish(reason: string | undefined): void {
    this.#append(this.#output.endAll());
    if (reason) this.#channel.append([`⚠ ${reason}`]);
    this.#channel.append(footerLines(this.#run));
    this.#channel.flush();
  }

  #closeNode(node: string): void {
    if (!this.#run.ledger.get(node)) return;
    this.#append(this.#output.end(node));
    this.#noteState(node);
  }

  #noteState(node: string): void {
    const result = this.#run.ledger.get(node);
    if (!result) return;
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
