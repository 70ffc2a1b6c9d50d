import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { SCRIPTS } from '../source/documentBlocks.ts';
import { saveIncidentNote } from './incidentNote.ts';
import { insertResult } from './insertResult.ts';
import { ResultLenses } from './resultLenses.ts';

/** Results change with each event of a run. */
const PAUSE_MS = 500;

interface BlockResultServices extends LoadServices {
  readonly viewOptions: RunsViewOptions;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the results below blocks and cells, and the commands that write them into documents. */
export function registerBlockResults(services: BlockResultServices): vscode.Disposable {
  const { runs, viewOptions, log } = services;
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const update = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed.fire();
    }, PAUSE_MS);
  };
  return vscode.Disposable.from(
    changed,
    { dispose: () => clearTimeout(timer) },
    runs.onDidChangeList(update),
    runs.onDidChange(update),
    vscode.languages.registerCodeLensProvider(SCRIPTS, new ResultLenses(runs, changed.event)),
    registerCommand(commands.insertResult, log, (first, second) =>
      insertResult(services, viewOptions.ignored, first, second),
    ),
    registerCommand(commands.saveIncidentNote, log, () =>
      saveIncidentNote(services, viewOptions.ignored),
    ),
  );
}
