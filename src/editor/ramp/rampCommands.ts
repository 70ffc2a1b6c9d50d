import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';
import { isRunElement } from '../runsView/runElements.ts';
import type { LiveRamp } from './liveRamp.ts';
import type { Ramps } from './ramps.ts';

interface RampCommandServices {
  readonly ramps: Ramps;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands for steps that start on their own: from a row, or the latest from the palette. */
export function registerRampCommands({ ramps, log }: RampCommandServices): vscode.Disposable {
  const rampOf = (element: unknown): LiveRamp =>
    ramps.of(isRunElement(element) ? element.listed.id : undefined);
  return vscode.Disposable.from(
    registerRunCommand(commands.pauseSteps, log, (element) => ramps.pause(rampOf(element))),
    registerRunCommand(commands.continueSteps, log, (element) => ramps.continue(rampOf(element))),
    registerRunCommand(commands.stopSteps, log, (element) => ramps.stop(rampOf(element))),
  );
}
