import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { Choice } from '../../exec/choice.ts';

const KEY = 'lastChoice';

const Pick = v.variant('kind', [
  v.object({ kind: v.literal('any') }),
  v.object({ kind: v.literal('exactly'), names: v.array(v.string()) }),
  v.object({ kind: v.literal('matching'), expression: v.string() }),
]);
const Stored = v.object({ service: Pick, tag: Pick, node: Pick });

/** The choice of the last run in this workspace, offered first the next time. */
export function readLastChoice(state: vscode.Memento): Choice | undefined {
  const stored = v.safeParse(Stored, state.get(KEY));
  return stored.success ? stored.output : undefined;
}

export async function rememberChoice(state: vscode.Memento, choice: Choice): Promise<void> {
  await state.update(KEY, choice);
}
