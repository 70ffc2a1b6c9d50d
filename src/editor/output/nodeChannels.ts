import type * as vscode from 'vscode';
import { displayLine, displayName } from '../../runs/displayText.ts';
import { LineDecoder } from '../../runs/lineDecoder.ts';
import type { Run } from '../../runs/run.ts';
import { describeState } from '../../runs/wording.ts';
import type { RunChange, RunService } from '../runs/runService.ts';
import { BufferedChannel } from './bufferedChannel.ts';

/** Channels do not group and fill one flat list, so only this many nodes have one; oldest go first. */
const MOST_CHANNELS = 16;

interface NodeChannel {
  readonly run: Run;
  readonly node: string;
  readonly channel: BufferedChannel;
  readonly decoder: LineDecoder;
}

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
    const channel = known ?? (await this.#make(run, node));
    this.#open = [...this.#open.filter((one) => one !== channel), channel];
    this.#release((one) => this.#open.indexOf(one) >= this.#open.length - MOST_CHANNELS);
    channel.channel.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#release(() => false);
  }

  async #make(run: Run, node: string): Promise<NodeChannel> {
    const soFar = await run.output.read(node);
    const name = `${displayName(node)} · ${displayName(run.info.title).slice(0, 40)} (Consul Exec)`;
    const made = { run, node, channel: new BufferedChannel(name), decoder: new LineDecoder() };
    append(made, made.decoder.push(soFar));
    if (run.ledger.end !== undefined || run.ledger.get(node)?.state === 'exited') close(made);
    return made;
  }

  #write({ run, event }: RunChange): void {
    for (const one of this.#open) {
      if (one.run !== run) continue;
      if (event.kind === 'finished') {
        if (run.ledger.get(one.node)?.state !== 'exited') close(one);
      } else if ('node' in event && event.node === one.node) {
        if (event.kind === 'output') append(one, one.decoder.push(event.bytes));
        if (event.kind === 'exited') close(one);
      }
    }
  }

  #release(keep: (one: NodeChannel) => boolean): void {
    for (const one of this.#open) if (!keep(one)) one.channel.dispose();
    this.#open = this.#open.filter(keep);
  }
}

function append({ channel }: NodeChannel, lines: readonly string[]): void {
  if (lines.length > 0) channel.append(lines.map(displayLine));
}

function close(one: NodeChannel): void {
  append(one, one.decoder.end());
  const result = one.run.ledger.get(one.node);
  if (result) one.channel.append([`╰ ${describeState(result, one.run.ledger.end, Date.now())}`]);
  one.channel.flush();
}
