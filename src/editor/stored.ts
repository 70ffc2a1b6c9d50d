import type * as vscode from 'vscode';
import * as v from 'valibot';

/** What is kept under a key; undefined when nothing is. What another version has kept is forgotten. */
export function readStored<T>(
  state: vscode.Memento,
  key: string,
  schema: v.GenericSchema<unknown, T>,
): T | undefined {
  const stored = v.safeParse(schema, state.get(key));
  return stored.success ? stored.output : undefined;
}
