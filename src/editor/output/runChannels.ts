import * as vscode from 'vscode';
import {
  exitLine,
  footerLines,
  headerLine,
  nameWidth,
  outputLine,
  stateLine,
} from '../../runs/channelText.ts';
import { describeTime } from '../../runs/describeTime.ts';
import { displayName } from '../../runs/displayText.ts';
import { LineDecoder } from '../../runs/lineDecoder.ts';
import type { Run } from '../../runs/run.ts';
import { SETTINGS } from '../contributions.ts';
import type { RunChange, RunService } from '../runs/runService.ts';
import { BufferedChannel } from './bufferedChannel.ts';

/** Channels of runs kept open; the oldest is released first, and made anew when asked for. */
const MOST_CHANNELS = 12;
/**
 * A channel that is shown is a document, and VS Code hands its text to every extension again and
 * again: 20 MB of it held up the extension host for half a second, 2 MB for 30 ms. What is beyond is
 * in the nodes' own documents.
 */
const MOST_CHARACTERS = 2 * 1024 * 1024;

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
  readonly #decoders = new Map<string, LineDecoder>();
  readonly #width: number;
  #characters = 0;
  /** What happens while what came before is written; undefined otherwise. */
  #queue: RunChange[] | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#width = nameWidth(run.info.targets);
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
        this.#lines(event.node, this.#decoder(event.node).push(event.bytes));
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
      return { node, state, size: Math.min(output.size(node), MOST_CHARACTERS) };
    });
    for (const { node, state, size } of soFar) {
      if (this.#characters <= MOST_CHARACTERS) {
        this.#lines(node, this.#decoder(node).push(await output.readRange(node, 0, size)));
      }
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
    for (const [node, decoder] of this.#decoders) this.#lines(node, decoder.end());
    if (reason) this.#channel.append([`⚠ ${reason}`]);
    this.#channel.append(footerLines(this.#run));
    this.#channel.flush();
  }

  #closeNode(node: string): void {
    const result = this.#run.ledger.get(node);
    if (!result) return;
    this.#lines(node, this.#decoders.get(node)?.end() ?? []);
    this.#channel.append([
      result.state === 'exited'
        ? exitLine(result, this.#width)
        : stateLine(result, this.#run, this.#width, Date.now()),
    ]);
  }

  #lines(node: string, lines: readonly string[]): void {
    if (lines.length === 0 || this.#characters > MOST_CHARACTERS) return;
    const text = lines.map((line) => outputLine(node, line, this.#width));
    this.#characters += text.reduce((sum, line) => sum + line.length + 1, 0);
    if (this.#characters > MOST_CHARACTERS) {
      text.push(
        vscode.l10n.t(
          '… this channel is full. Open a node’s own output in the Runs view for the rest.',
        ),
      );
    }
    this.#channel.append(text);
  }

  #decoder(node: string): LineDecoder {
    let decoder = this.#decoders.get(node);
    if (!decoder) this.#decoders.set(node, (decoder = new LineDecoder()));
    return decoder;
  }
}
