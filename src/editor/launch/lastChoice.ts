import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { Choice } from '../../exec/choice.ts';
import { readStored } from '../stored.ts';

/** What a run was made on, so that it can be offered again. Labels are as in the run. */
export interface LastChoice {
  readonly choice: Choice;
  readonly datacenters: readonly string[];
  /** Labels of what was left out in the review, or else of what was ticked: whichever is shorter. */
  readonly ticks: { readonly only: readonly string[] } | { readonly allBut: readonly string[] };
}

const KEY = 'lastChoices';

const Names = v.array(v.string());
const Pick = v.variant('kind', [
  v.object({ kind: v.literal('any') }),
  v.object({ kind: v.literal('exactly'), names: Names }),
  v.object({ kind: v.literal('matching'), expression: v.string() }),
]);
const Stored = v.record(
  v.string(),
  v.object({
    choice: v.object({ service: Pick, tag: Pick, node: Pick }),
    datacenters: Names,
    ticks: v.union([v.object({ only: Names }), v.object({ allBut: Names })]),
  }),
);

/** The choice of the last run through this connection in this workspace, offered first next time. */
export function readLastChoice(state: vscode.Memento, connection: string): LastChoice | undefined {
  const all = readAll(state);
  return Object.hasOwn(all, connection) ? all[connection] : undefined;
}

export async function rememberChoice(
  state: vscode.Memento,
  connection: string,
  last: LastChoice,
): Promise<void> {
  await state.update(KEY, { ...readAll(state), [connection]: last });
}

/** Which of these labels are ticked when it is chosen again; nodes that are new since are. */
export function tickedAgain({ ticks }: LastChoice, reached: readonly string[]): Set<string> {
  if ('only' in ticks) return new Set(ticks.only);
  const left = new Set(ticks.allBut);
  return new Set(reached.filter((label) => !left.has(label)));
}

/**
 * @param reached labels of all nodes of the choice that could answer
 * @param ticked labels of those the run was made on
 */
export function ticksOf(
  reached: readonly string[],
  ticked: readonly string[],
): LastChoice['ticks'] {
  const left = new Set(reached).difference(new Set(ticked));
  const onlyLess = reached.length - left.size === ticked.length;
  return onlyLess && left.size < ticked.length ? { allBut: [...left] } : { only: ticked };
}

function readAll(state: vscode.Memento): Readonly<Record<string, LastChoice>> {
  return readStored(state, KEY, Stored) ?? {};
}
