import type * as vscode from 'vscode';
import type { SearchQuery } from '../../runs/finder.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { runOf } from '../runs/runElements.ts';
import { openHit } from './openHit.ts';
import { pickHit } from './pickHit.ts';

/** Finding text in all outputs of a run. What was looked for last is offered again, in this window. */
export function registerSearchCommands({ runs, documents, log }: App): vscode.Disposable {
  let last: SearchQuery = { text: '' };
  return registerCommand(commands.searchRun, log, async (element) => {
    const run = await runs.load(runOf(element, runs.all));
    const remember = (query: SearchQuery) => (last = query);
    const found = await pickHit({ run, query: last, remember, log });
    if (found) await openHit(documents, run, found);
  });
}
