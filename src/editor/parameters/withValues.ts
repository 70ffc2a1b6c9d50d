import type * as vscode from 'vscode';
import { scriptJob } from '../../exec/script/script.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { askForValues } from './askForValues.ts';

/**
 * The job with the values that the user enters for the parameters of its script.
 * @param state of the workspace
 * @returns undefined if the user cancels
 * @throws ParameterError for a mistake in a declaration
 */
export async function withValues(
  state: vscode.Memento,
  named: NamedJob,
): Promise<NamedJob | undefined> {
  const { script, title, parameters: before = [] } = named;
  if (!script) return named;
  const values = await askForValues(state, { script, title, before });
  if (!values) return undefined;
  const filled = { ...script, values };
  return { ...named, script: filled, job: scriptJob(filled), parameters: values };
}
