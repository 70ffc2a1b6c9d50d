import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { launch } from './launch.ts';
import type { LaunchServices } from './launchServices.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';
import { rerunOn } from './rerunOn.ts';
import { runOf } from '../runsView/runElements.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import { stepOf } from '../runs/stepOf.ts';

/** Registers the command for the next step of a run: from its row, or the latest run from the palette. */
export function registerStepCommands(services: LaunchServices): vscode.Disposable {
  return registerRunCommand(commands.runNextStep, services.log, async (element) => {
    const { id, info, isOver } = runOf(element, services.runs.all);
    const step = services.steps.of(id);
    const nodes = stepOf(services, id)?.waiting ?? [];
    if (!step || nodes.length === 0) {
      throw new NothingToDo(vscode.l10n.t('All steps of this run are done.'));
    }
    const state = services.ramps.nextStepOf(id);
    if (state === 'live') {
      throw new UserError(
        vscode.l10n.t(
          'The next step starts on its own. To start it by hand, stop these steps first.',
        ),
      );
    }
    if (!isOver) throw new UserError(vscode.l10n.t('This step is still running.'));
    const mayHaveRun = state === 'unsure' ? nodes : [];
    await launch(services, info, { ...rerunOn(info, nodes), mayHaveRun, after: { id, step } });
  });
}
