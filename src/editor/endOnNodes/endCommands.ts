import type * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';
import { runAndNodesOf } from '../runsView/runElements.ts';
import type { EndServices } from './endNodes.ts';

/** Registers the command that ends the job of a run on its nodes. */
export function registerEndCommands(services: EndServices): vscode.Disposable {
  return registerRunCommand(commands.endOnNodes, services.log, async (element, elements) => {
    const { listed, run, nodes } = await runAndNodesOf(element, elements, services);
    const { endNodes } = await import('./endNodes.ts');
    await endNodes(services, listed, run, nodes);
  });
}
