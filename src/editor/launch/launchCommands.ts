import * as vscode from 'vscode';
import { jobTitle } from '../../exec/protocol/job.ts';
import { commands } from '../base/contributions.ts';
import { launch } from './launch.ts';
import type { LaunchServices } from './launchServices.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { askForCommand } from '../typedCommand/askForCommand.ts';
import type { CommandHistory } from '../typedCommand/commandHistory.ts';
import { jobFromSelection } from '../source/jobAtCursor.ts';
import { jobAtPlace } from '../source/jobAtPlace.ts';
import { jobFromFile, jobFromLine } from '../source/scriptSource.ts';

interface LaunchCommandServices extends LaunchServices {
  readonly commandHistory: CommandHistory;
}

/** Registers the commands that run the selection, a file, or a typed command. */
export function registerLaunchCommands(services: LaunchCommandServices): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.runSelection, services.log, async () =>
      launch(services, await jobFromSelection()),
    ),
    registerCommand(commands.runLine, services.log, async () =>
      launch(services, await jobFromLine()),
    ),
    registerCommand(commands.runAtCursor, services.log, async (...place) =>
      launch(services, await jobAtPlace(...place)),
    ),
    registerCommand(commands.chooseTargets, services.log, async (...place) =>
      launch(services, { ...(await jobAtPlace(...place)), directive: undefined }),
    ),
    registerCommand(commands.runFile, services.log, async (uri) =>
      launch(services, await jobFromFile(uri instanceof vscode.Uri ? uri : await askForFile())),
    ),
    registerCommand(commands.runCommand, services.log, async () => {
      const job = await askForCommand(services.commandHistory, services.connections.locationLabel);
      if (job) await launch(services, { job, title: jobTitle(job) });
    }),
  );
}

/** From the Command Palette: the file of the active editor, or else a file that the user picks. */
async function askForFile(): Promise<vscode.Uri> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active) return active;
  const [picked] =
    (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Run File on Consul Nodes') })) ??
    [];
  if (!picked) throw new vscode.CancellationError();
  return picked;
}
