import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { registerRowCommand } from '../runs/registerRowCommand.ts';
import { elementsOf, nodesOf, runOf } from '../runs/runElements.ts';
import { copyMarkdown, copyNames, pickNodes } from './copy.ts';
import { exportRun } from './exportRun.ts';

/** Taking results elsewhere: to a file or the clipboard. */
export function registerExportCommands(app: App): vscode.Disposable {
  const { runs, look, log } = app;
  return vscode.Disposable.from(
    registerCommand(commands.exportRun, log, async (element) =>
      exportRun(await runs.load(runOf(element, runs.all)), look.ignored),
    ),
    registerCommand(commands.copyMarkdown, log, async (element) =>
      copyMarkdown(await runs.load(runOf(element, runs.all)), look.ignored),
    ),
    registerRowCommand(commands.copyNodeNames, app, async (element, elements) => {
      const [row] = elementsOf(element, elements);
      const isRun = !row || row.kind === 'run' || row.kind === 'more';
      const nodes = isRun
        ? await pickNodes(await runs.load(runOf(element, runs.all)))
        : nodesOf(element, elements).nodes;
      if (nodes) await copyNames(nodes);
    }),
  );
}
