import type * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { AddServices } from './addConnection.ts';

export function registerAddConnection(services: AddServices): vscode.Disposable {
  return registerCommand(commands.addConnection, services.log, async () => {
    const { addConnection } = await import('./addConnection.ts');
    await addConnection(services);
  });
}
