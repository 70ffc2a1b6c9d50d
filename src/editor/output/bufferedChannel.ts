import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { ChannelTail } from '../../runs/documents/channelTail.ts';
import type { RunInfo } from '../../runs/run.ts';
import { exactTimeLabel } from '../../runs/text/time.ts';

/** Each update is a message to the window, so lines are collected for this long. */
const FLUSH_INTERVAL_MS = 100;
/** The same in a full channel, whose whole text can be replaced. */
const FULL_FLUSH_INTERVAL_MS = 1000;

/** The Output view cuts long names off, and runs of the same script differ in their time. */
const MAX_NAME_LENGTH = 18;

/** `deploy.sh · 2:28:43 PM (Consul Exec)`, for a node after its name. */
export function channelName({ title, createdAt }: RunInfo, node?: string): string {
  const parts = node === undefined ? [title] : [node, title];
  const names = parts.map((part) => shorten(displayName(part), MAX_NAME_LENGTH));
  return `${[...names, exactTimeLabel(createdAt)].join(' · ')} (Consul Exec)`;
}

/** An output channel that combines lines into few messages, and shows the newest ones if there are too many. */
export class BufferedChannel implements vscode.Disposable {
  readonly #channel: vscode.OutputChannel;
  readonly #tail = new ChannelTail(
    vscode.l10n.t(
      "… Earlier lines are left out here. Open a node's output in the Runs view for all of it.",
    ),
  );
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string) {
    this.#channel = vscode.window.createOutputChannel(name);
  }

  append(lines: readonly string[]): void {
    this.#tail.add(lines);
    const interval = this.#tail.isFull ? FULL_FLUSH_INTERVAL_MS : FLUSH_INTERVAL_MS;
    this.#timer ??= setTimeout(() => this.flush(), interval);
  }

  clear(): void {
    this.#tail.clear();
    this.#channel.clear();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const update = this.#tail.take();
    if (update?.kind === 'append') this.#channel.append(update.text);
    if (update?.kind === 'replace') this.#channel.replace(update.text);
  }

  get name(): string {
    return this.#channel.name;
  }

  show(): void {
    this.flush();
    this.#channel.show(true);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#channel.dispose();
  }
}
