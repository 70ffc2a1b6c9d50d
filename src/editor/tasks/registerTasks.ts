import * as vscode from 'vscode';
import type { LaunchServices } from '../launch/launchServices.ts';
import type { TaskDefinition } from './taskJob.ts';
import { TaskTerminal } from './taskTerminal.ts';

const TYPE = 'consul-exec';
const MATCHER = '$consul-exec';

/** Registers the tasks of tasks.json. None is found by itself: a run is always somebody's intention. */
export function registerTasks(services: LaunchServices): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, {
    provideTasks: () => [],
    resolveTask: ({ definition, scope, name }) => {
      const folder = typeof scope === 'object' ? scope : undefined;
      const execution = new vscode.CustomExecution((resolved) =>
        Promise.resolve(new TaskTerminal(services, resolved as TaskDefinition, folder)),
      );
      const place = scope ?? vscode.TaskScope.Workspace;
      return new vscode.Task(definition, place, name, 'Consul Exec', execution, MATCHER);
    },
  });
}
