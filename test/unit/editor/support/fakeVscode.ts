/** The parts of VS Code's API that the modules under test use; see useFakeVscode.ts. */

type Listener<T> = (value: T) => unknown;

export class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...members: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const member of members) member.dispose();
    });
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class CancellationError extends Error {}

export class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

export const l10n = {
  t: (text: string, ...args: readonly unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};

/** What the fake window did, and how it is to respond. */
export const fake = {
  /** Texts of the notifications. */
  notifications: [] as string[],
  /** Presses a button on each notification, or dismisses it. */
  press: (): Promise<string | undefined> => Promise.resolve(undefined),
  /** Ids and arguments of the commands that were executed. */
  executed: [] as (readonly unknown[])[],
  /** Registered commands by id. */
  handlers: new Map<string, (...args: unknown[]) => unknown>(),
  /** How often a quick pick was shown; it is dismissed. */
  picks: 0,
  reset(): void {
    this.notifications.length = 0;
    this.executed.length = 0;
    this.press = () => Promise.resolve(undefined);
    this.picks = 0;
  },
};

function notify(text: string): Promise<string | undefined> {
  fake.notifications.push(text);
  return fake.press();
}

export const window = {
  showInformationMessage: notify,
  showWarningMessage: notify,
  showErrorMessage: notify,
  showQuickPick: () => {
    fake.picks++;
    return Promise.resolve(undefined);
  },
};

export const commands = {
  executeCommand: (...call: readonly unknown[]) => {
    fake.executed.push(call);
    return Promise.resolve(undefined);
  },
  registerCommand: (id: string, handler: (...args: unknown[]) => unknown) => {
    fake.handlers.set(id, handler);
    return new Disposable(() => fake.handlers.delete(id));
  },
};

/** Every setting has no value, so that the history is off. */
export const workspace = {
  getConfiguration: () => ({ inspect: () => undefined }),
};
