import type * as vscode from 'vscode';
import { checkValue } from '../../exec/script/parameters/checkValue.ts';
import type { Parameter, ParameterValue } from '../../exec/script/parameters/parameter.ts';
import type { Script } from '../../exec/script/script.ts';
import { parametersOf } from '../../exec/script/scriptParameters.ts';
import { BACK } from '../base/quickInput.ts';
import { askForValue } from './valueInput.ts';
import { lastValues, rememberValues } from './valueMemory.ts';

/** A script whose parameters need values. */
export interface ScriptToFill {
  readonly script: Script;
  /** Of its run. */
  readonly title: string;
  /** Values of an earlier run of it. */
  readonly before: readonly ParameterValue[];
}

/**
 * Asks for the value of each parameter that the script declares, one after the other. Each question shows
 * the value of the earlier run, else what was entered last for the file, else the default.
 * @returns undefined if the user cancels
 * @throws ParameterError for a mistake in a declaration
 */
export async function askForValues(
  state: vscode.Memento,
  { script, title, before }: ScriptToFill,
): Promise<readonly ParameterValue[] | undefined> {
  const parameters = parametersOf(script);
  if (parameters.length === 0) return [];
  const { source } = script;
  const known = [...before, ...(source === undefined ? [] : lastValues(state, source))];
  const entered = parameters.map((parameter) => firstValue(parameter, known));
  for (let index = 0; index < parameters.length;) {
    const parameter = parameters[index];
    if (!parameter) break;
    const place = { title, step: index + 1, totalSteps: parameters.length };
    const answer = await askForValue(parameter, place, {
      shown: entered[index],
      // Back must not lose it.
      onTyped: (text) => (entered[index] = text),
    });
    if (answer === undefined) return undefined;
    if (answer === BACK) index--;
    else entered[index++] = answer;
  }
  const values = parameters.map(({ name }, index) => ({ name, value: entered[index] ?? '' }));
  if (source !== undefined) await rememberValues(state, source, values);
  return values;
}

/** A value from before can be impossible now. */
function firstValue(parameter: Parameter, known: readonly ParameterValue[]): string | undefined {
  const found = known.find(({ name }) => name === parameter.name)?.value;
  if (found === undefined || checkValue(parameter, found) !== undefined) return parameter.initial;
  return found;
}
