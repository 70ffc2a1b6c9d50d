import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { registerRowCommand } from '../runsView/registerRowCommand.ts';
import {
  elementsOf,
  type LoadServices,
  loadRunOf,
  nodesOf,
  type ViewSelection,
} from '../runsView/runElements.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { copyMarkdown, copyNames, pickNodes } from './copy.ts';

interface ExportServices extends LoadServices {
  readonly log: vscode.LogOutputChannel;
  readonly viewOptions: RunsViewOptions;
  readonly selection: ViewSelection;
}

/** Registers the commands that export results to a file or the clipboard. */
export function registerExportCommands(services: ExportServices): vscode.Disposable {
  const { viewOptions, log } = services;
  return vscode.Disposable.from(
    registerCommand(commands.exportRun, log, async (element) => {
      const run = await loadRunOf(element, services);
      const { exportRun } = await import('./exportRun.ts');
      await exportRun(run, viewOptions.ignored);
    }),
    registerCommand(commands.copyMarkdown, log, async (element) =>
      copyMarkdown(await loadRunOf(element, services), viewOptions.ignored),
    ),
    registerRowCommand(commands.copyNodeNames, services, async (element, elements) => {
      const nodes = await nodesToCopy(element, elements, services);
      if (nodes) await copyNames(nodes);
    }),
  );
}

/** @returns undefined if the user cancels */
async function nodesToCopy(
  element: unknown,
  elements: unknown,
  services: LoadServices,
): Promise<readonly string[] | undefined> {
  const [row] = elementsOf(element, elements);
  switch (row?.kind) {
    case 'node':
    case 'group':
      return nodesOf(element, elements).nodes;
    case 'rollout':
      return pickNodes(await Promise.all(row.runs.map((listed) => services.loader.load(listed))));
    case 'run':
    case 'more':
    case undefined:
      return pickNodes([await loadRunOf(element, services)]);
  }
}
