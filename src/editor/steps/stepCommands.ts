import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { launch } from '../launch/launch.ts';
import { registerCommand } from '../register.ts';
import { againOn } from '../runs/againOn.ts';
import { runOf } from '../runs/runElements.ts';
import { UserError } from '../userError.ts';
import { stepOf } from './stepOf.ts';

/** Goes on with a run that is made in steps: from its row, or from the palette with the newest. */
export function registerStepCommands(app: App): vscode.Disposable {
  return registerCommand(commands.runNextStep, app.log, async (element) => {
    const { id, info, isOver } = runOf(element, app.runs.all);
    const step = app.steps.of(id);
    const nodes = stepOf(app, id)?.waiting ?? [];
    if (!step || nodes.length === 0) {
      throw new UserError(vscode.l10n.t('No step of this run is left.'));
    }
    if (!isOver) throw new UserError(vscode.l10n.t('This step still goes on.'));
    await launch(app, info, { ...againOn(info, nodes), after: { id, step } });
  });
}
