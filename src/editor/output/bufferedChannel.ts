import * as vscode from 'vscode';

/** Each append is a message to the window: lines are gathered this long before they go. */
const GATHER_MS = 100;

/** An output channel that writes many lines in few messages. */
export class BufferedChannel implements vscode.Disposable {
  readonly #channel: vscode.OutputChannel;
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string) {
    this.#channel = vscode.window.createOutputChannel(name);
  }

  append(lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(line);
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length > 0) this.#channel.append(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
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
