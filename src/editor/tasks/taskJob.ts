import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import {
  type Directive,
  DIRECTIVE_KEYS,
  type DirectiveKey,
  inheritDirectives,
} from '../../exec/directive/directive.ts';
import { directiveOfValues } from '../../exec/directive/valuesDirective.ts';
import { type Job, jobTitle } from '../../exec/protocol/job.ts';
import { UserError } from '../base/userError.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { jobFromFile } from '../source/scriptSource.ts';

/** What a task runs. Its other properties are those of a directive. */
export interface TaskDefinition extends vscode.TaskDefinition {
  readonly script?: unknown;
  readonly command?: unknown;
}

/**
 * The job of a task, with its targets: those of the task go before those of the script.
 * @param folder of the workspace, in which the script is
 * @throws UserError that says what is wrong with the task
 */
export async function taskJob(
  definition: TaskDefinition,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<NamedJob> {
  const { script, command } = definition;
  const own = taskDirective(definition);
  if (typeof script === 'string' && command === undefined) {
    const named = await jobFromFile(fileOf(script, folder));
    const written = named.directive ?? { entries: [], problems: [] };
    return { ...named, directive: inheritDirectives([written, own]) };
  }
  if (typeof command === 'string' && script === undefined) {
    const job: Job = { kind: 'command', text: command };
    return { job, title: jobTitle(job), directive: inheritDirectives([own]) };
  }
  throw new UserError(
    vscode.l10n.t('A task of the type "consul-exec" needs either "script" or "command", as text.'),
  );
}

/** @throws UserError */
function taskDirective(definition: TaskDefinition): Directive {
  const properties = new Map<string, unknown>(Object.entries(definition));
  const values = DIRECTIVE_KEYS.flatMap((key): [DirectiveKey, string][] => {
    const value = properties.get(key);
    if (value === undefined) return [];
    const text = Array.isArray(value) ? value.join(',') : value;
    if (typeof text !== 'string') {
      throw new UserError(vscode.l10n.t('"{0}" of the task must be text.', key));
    }
    return [[key, text]];
  });
  const directive = directiveOfValues(values);
  const [problem] = directive.problems;
  if (problem) throw new UserError(vscode.l10n.t('In the task: {0}', problem.message));
  return directive;
}

function fileOf(script: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri {
  if (isAbsolute(script)) return vscode.Uri.file(script);
  const root = folder ?? vscode.workspace.workspaceFolders?.[0];
  if (!root) {
    throw new UserError(
      vscode.l10n.t('Open the folder that has the script "{0}", then run the task.', script),
    );
  }
  return root.uri.scheme === 'file'
    ? vscode.Uri.file(join(root.uri.fsPath, script))
    : vscode.Uri.joinPath(root.uri, script);
}
