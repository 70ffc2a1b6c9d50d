import type * as vscode from 'vscode';
import * as v from 'valibot';

/**
 * A value in one of the editor's stores, under its name and with its type. Another version of the
 * extension may have stored something else there: such a value reads as the fallback.
 */
export class StateKey<T> {
  readonly #name: string;
  readonly #schema: v.GenericSchema<unknown, T>;
  readonly #fallback: T;

  /** @param name must be unique among all keys */
  constructor(name: string, schema: v.GenericSchema<unknown, T>, fallback: T) {
    this.#name = name;
    this.#schema = schema;
    this.#fallback = fallback;
  }

  read(state: vscode.Memento): T {
    const stored = v.safeParse(this.#schema, state.get(this.#name));
    return stored.success ? stored.output : this.#fallback;
  }

  async write(state: vscode.Memento, value: T): Promise<void> {
    await state.update(this.#name, value);
  }
}
