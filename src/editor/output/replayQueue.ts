import type { RunEvent } from '../../exec/events/runEvent.ts';

/** Writes events in order: those that arrive while earlier output is replayed wait for its end. */
export class ReplayQueue {
  readonly #write: (event: RunEvent) => void;
  /** undefined unless a replay is running. */
  #waiting: RunEvent[] | undefined;

  #running: Promise<void> | undefined;

  constructor(write: (event: RunEvent) => void) {
    this.#write = write;
  }

  push(event: RunEvent): void {
    if (this.#waiting) this.#waiting.push(event);
    else this.#write(event);
  }

  /** @param write writes what happened up to the call; it must capture that before its first await */
  async replay(write: () => Promise<void>): Promise<void> {
    // The encoding can change during a replay, which is then repeated.
    while (this.#running) await this.#running;
    this.#running = this.#replay(write).finally(() => (this.#running = undefined));
    await this.#running;
  }

  async #replay(write: () => Promise<void>): Promise<void> {
    const waiting: RunEvent[] = [];
    this.#waiting = waiting;
    await write();
    this.#waiting = undefined;
    for (const event of waiting) this.#write(event);
  }
}
