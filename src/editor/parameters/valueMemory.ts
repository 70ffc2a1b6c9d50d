import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { ParameterValue } from '../../exec/script/parameters/parameter.ts';
import { StateKey } from '../base/stateKey.ts';

interface ValuesOfFile {
  readonly file: string;
  readonly values: readonly ParameterValue[];
}

const MAX_FILES = 100;
/** The state of a workspace is in memory. */
const MAX_VALUE_LENGTH = 10_000;

const KEY: StateKey<readonly ValuesOfFile[]> = new StateKey<readonly ValuesOfFile[]>(
  'parameterValues',
  v.array(
    v.object({
      file: v.string(),
      values: v.array(v.object({ name: v.string(), value: v.string() })),
    }),
  ),
  [],
);

/** The values that were entered last for the parameters of a file, in this workspace. */
export function lastValues(state: vscode.Memento, file: string): readonly ParameterValue[] {
  return KEY.read(state).find((known) => known.file === file)?.values ?? [];
}

/** Adds to what is remembered: a part of a file asks only for some of its parameters. */
export async function rememberValues(
  state: vscode.Memento,
  file: string,
  values: readonly ParameterValue[],
): Promise<void> {
  const names = new Set(values.map(({ name }) => name));
  const known = KEY.read(state);
  const all = [
    ...lastValues(state, file).filter(({ name }) => !names.has(name)),
    ...values.filter(({ value }) => value.length <= MAX_VALUE_LENGTH),
  ];
  const others = known.filter((other) => other.file !== file);
  await KEY.write(state, [{ file, values: all }, ...others].slice(0, MAX_FILES));
}
