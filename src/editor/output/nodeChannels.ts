import * as vscode from 'vscode';
import type { RunEvent } from '../../exec/runEvent.ts';
import { displayLine, displayName } from '../../runs/displayText.ts';
import { LineDecoder } from '../../runs/lineDecoder.ts';
import type { Run } from '../../runs/run.ts';
import { describeState } from '../../runs/wording.ts';
import type { RunChange, RunService } from '../runs/runService.ts';
import { BufferedChannel } from './bufferedChannel.ts';

/** Channels do not group and fill one flat list, so only this many nodes have one; oldest go first. */
const MOST_CHANNELS = 16;

/** Output channels of single nodes, for those who asked for one. */
export class NodeChannels implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  /** In the order they were last asked for. */
  #open: NodeChannel[] = [];

  constructor(runs: RunService) {
    this.#subscriptions = [
      runs.onDidChange((change) => this.#write(change)),
      runs.onDidChangeList(() => this.#release(({ run }) => runs.find(run.info.id) !== undefined)),
    ];
  }

  async show(run: Run, node: string): Promise<void> {
    const known = this.#open.find((one) => one.run === run && one.node === node);
    const channel = known ?? new NodeChannel(run, node);
    this.#open = [...this.#open.filter((one) => one !== channel), channel];
    this.#release((one) => this.#open.indexOf(one) >= this.#open.length - MOST_CHANNELS);
    if (!known) await channel.replay();
    channel.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#release(() => false);
  }

  #write({ run, event }: RunChange): void {
    for (const one of this.#open) if (one.run === run) one.write(event);
  }

  #release(keep: (one: NodeChannel) => boolean): void {
    for (const one of this.#open) if (!keep(one)) one.dispose();
    this.#open = this.#open.filter(keep);
  }
}

/** As for a run's channel: more than this costs the editor, and is in the node's document. */
const MOST_BYTES = 2 * 1024 * 1024;

class NodeChannel implements vscode.Disposable {
  readonly run: Run;
  readonly node: string;
  readonly #channel: BufferedChannel;
  readonly #decoder = new LineDecoder();
  #bytes = 0;
  /** What happens while what came before is written; undefined otherwise. */
  #queue: RunEvent[] | undefined;

  constructor(run: Run, node: string) {
    this.run = run;
    this.node = node;
    const title = displayName(run.info.title).slice(0, 40);
    this.#channel = new BufferedChannel(`${displayName(node)} · ${title} (Consul Exec)`);
  }

  async replay(): Promise<void> {
    this.#queue = [];
    const { output, ledger } = this.run;
    const isOver = ledger.end !== undefined || ledger.get(this.node)?.state === 'exited';
    this.#append(
      await output.readRange(this.node, 0, Math.min(output.size(this.node), MOST_BYTES + 1)),
    );
    if (isOver) this.#close();
    const queue = this.#queue;
    this.#queue = undefined;
    for (const event of queue) this.#write(event);
  }

  write(event: RunEvent): void {
    if (this.#queue) this.#queue.push(event);
    else this.#write(event);
  }

  show(): void {
    this.#channel.show();
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #write(event: RunEvent): void {
    if (event.kind === 'finished') {
      if (this.run.ledger.get(this.node)?.state !== 'exited') this.#close();
    } else if ('node' in event && event.node === this.node) {
      if (event.kind === 'output') this.#append(event.bytes);
      if (event.kind === 'exited') this.#close();
    }
  }

  #append(bytes: Uint8Array): void {
    if (this.#bytes > MOST_BYTES) return;
    this.#bytes += bytes.length;
    this.#lines(this.#decoder.push(bytes));
    if (this.#bytes <= MOST_BYTES) return;
    this.#channel.append([
      vscode.l10n.t(
        '… this channel is full. Open the node’s own output in the Runs view for the rest.',
      ),
    ]);
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
