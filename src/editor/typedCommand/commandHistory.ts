import type * as vscode from 'vscode';
import * as v from 'valibot';
import { StateKey } from '../base/stateKey.ts';

const MAX_COMMANDS = 20;
const COMMANDS: StateKey<readonly string[]> = new StateKey<readonly string[]>(
  'typedCommands',
  v.array(v.string()),
  [],
);

/** The commands that the user typed, in plain text on this machine: the state is never synchronized. */
export class CommandHistory {
  readonly #state: vscode.Memento;

  /** @param state of all windows */
  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** Newest first. */
  get all(): readonly string[] {
    return COMMANDS.read(this.#state);
  }

  /** Adds a command, unless it begins with a space: as in shells, such a command is not remembered. */
  async add(command: string): Promise<void> {
    if (command.startsWith(' ')) return;
    const others = this.all.filter((known) => known !== command);
    await COMMANDS.write(this.#state, [command, ...others].slice(0, MAX_COMMANDS));
  }

  async remove(command: string): Promise<void> {
    const others = this.all.filter((known) => known !== command);
    await COMMANDS.write(this.#state, others);
  }
}
