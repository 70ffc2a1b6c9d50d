/** A request that fails is often repeated at once, and then there is nothing to show. */
const GRACE_MS = 2000;

/** Notices when requests to an agent get no response for a while, and when it responds again. */
export class Outage {
  readonly #onChange: (error: Error | undefined) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange called with the error of an outage, and with undefined after every response */
  constructor(onChange: (error: Error | undefined) => void) {
    this.#onChange = onChange;
  }

  /** @param error undefined for a response of the agent */
  note(error: Error | undefined): void {
    if (error) {
      this.#timer ??= setTimeout(() => this.#onChange(error), GRACE_MS).unref();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onChange(undefined);
  }
}
