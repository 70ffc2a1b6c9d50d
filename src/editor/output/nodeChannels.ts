import type * as vscode from 'vscode';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { displayLine } from '../../runs/text/displayText.ts';
import { replayedLines } from '../../runs/documents/channelOutput.ts';
import { MAX_CHANNEL_CHARACTERS } from '../../runs/documents/channelTail.ts';
import type { Gap } from '../../runs/output/gaps.ts';
import { LineDecoder } from '../../runs/output/lineDecoder.ts';
import { isOver } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { describeState } from '../../runs/text/stateText.ts';
import type { RunChange, RunList } from '../runs/runList.ts';
import type { EncodingChoices } from './encodingChoices.ts';
import { BufferedChannel, channelName } from './bufferedChannel.ts';
import { isReread } from '../../exec/events/isReread.ts';
import { ReplayQueue } from './replayQueue.ts';

/** VS Code lists all channels in one flat list, so the oldest is closed beyond this number. */
const MAX_NODE_CHANNELS = 16;

/** Output channels of single nodes, opened on request. */
export class NodeChannels implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  /** Least recently shown first. */
  #open: NodeChannel[] = [];

  constructor(runs: RunList, encodings: EncodingChoices) {
    this.#subscriptions = [
      encodings.onDidChange((run) => {
        for (const channel of this.#channelsOf(run)) void channel.redraw();
      }),
      runs.onDidChange((change) => this.#write(change)),
      runs.onDidChangeList(() => this.#release(({ run }) => runs.find(run.info.id) !== undefined)),
    ];
  }

  async show(run: Run, node: string): Promise<void> {
    const known = this.#channelsOf(run).find((channel) => channel.node === node);
    const channel = known ?? new NodeChannel(run, node);
    this.#open = [...this.#open.filter((other) => other !== channel), channel];
    const newest = new Set(this.#open.slice(-MAX_NODE_CHANNELS));
    this.#release((other) => newest.has(other));
    if (!known) await channel.replay();
    channel.show();
  }

  /** @returns the id of the run of a node with a channel of this name */
  runOf(name: string): string | undefined {
    return this.#open.find((channel) => channel.name === name)?.run.info.id;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#release(() => false);
  }

  #write({ run, event }: RunChange): void {
    for (const channel of this.#channelsOf(run)) {
      // A run that continues is read from the history anew.
      if (isReread(event)) channel.run = run;
      channel.write(event);
    }
  }

  #channelsOf({ info }: Run): readonly NodeChannel[] {
    return this.#open.filter(({ run }) => run.info.id === info.id);
  }

  #release(keep: (channel: NodeChannel) => boolean): void {
    for (const channel of this.#open) if (!keep(channel)) channel.dispose();
    this.#open = this.#open.filter(keep);
  }
}

class NodeChannel implements vscode.Disposable {
  run: Run;
  readonly node: string;
  readonly #channel: BufferedChannel;
  #decoder: LineDecoder;
  readonly #queue = new ReplayQueue((event) => this.#write(event));

  constructor(run: Run, node: string) {
    this.run = run;
    this.node = node;
    this.#decoder = new LineDecoder(run.output.decoding(node));
    this.#channel = new BufferedChannel(channelName(run.info, node));
  }

  get name(): string {
    return this.#channel.name;
  }

  async replay(): Promise<void> {
    await this.#queue.replay(() => this.#writeSoFar());
  }

  async #writeSoFar(): Promise<void> {
    const { output, ledger } = this.run;
    const result = ledger.get(this.node);
    const hasEnded = ledger.end !== undefined || (result !== undefined && isOver(result));
    const size = output.size(this.node);
    const gaps = [...output.gaps(this.node)];
    const maxBytes = MAX_CHANNEL_CHARACTERS / 2;
    const replay = { output, node: this.node, size, gaps, maxBytes, decoder: this.#decoder };
    for await (const lines of replayedLines(replay)) this.#lines(lines);
    if (hasEnded) this.#close();
  }

  write(event: RunEvent): void {
    this.#queue.push(event);
  }

  /** Writes everything again, after the encoding changed. */
  async redraw(): Promise<void> {
    await this.#queue.replay(() => {
      this.#channel.clear();
      this.#decoder = new LineDecoder(this.run.output.decoding(this.node));
      return this.#writeSoFar();
    });
  }

  show(): void {
    this.#channel.show();
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #write(event: RunEvent): void {
    if (event.kind === 'finished') {
      const result = this.run.ledger.get(this.node);
      if (!result || !isOver(result)) this.#close();
    } else if ('node' in event && event.node === this.node) {
      if (event.kind === 'output') this.#append(event.bytes);
      if (event.kind === 'gap') this.#append({ position: 0, chunks: event.chunks });
      if (event.kind === 'exited' || event.kind === 'cut') this.#close();
    }
  }

  #append(piece: Uint8Array | Gap): void {
    this.#lines(this.#decoder.add(piece));
  }

  #close(): void {
    this.#lines(this.#decoder.end());
    const { ledger } = this.run;
    const result = ledger.get(this.node);
    if (result) this.#channel.append([`╰ ${describeState(result, ledger.end, Date.now())}`]);
    this.#channel.flush();
  }

  #lines(lines: readonly string[]): void {
    if (lines.length > 0) this.#channel.append(lines.map(displayLine));
  }
}
