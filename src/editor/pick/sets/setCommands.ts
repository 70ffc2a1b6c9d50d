import type * as vscode from 'vscode';
import { commands } from '../../base/contributions.ts';
import { registerCommand } from '../../base/registerCommand.ts';
import { editSets } from './editSets.ts';

export function registerSetCommands(log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommand(commands.editSets, log, editSets);
}
