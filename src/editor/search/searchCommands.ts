import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import type { SearchQuery } from '../../runs/search/searchQuery.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { Reports } from '../reports/reports.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { type LoadServices, runOf } from '../runsView/runElements.ts';
import { openHit } from './openHit.ts';
import { openResults } from './openResults.ts';
import { IN_EDITOR, type OutputSearch, pickHit } from './pickHit.ts';
import { RunReader } from './runReader.ts';

interface SearchServices extends LoadServices {
  readonly reports: Reports;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the search in the outputs of a run or of all runs. The window offers the last query again. */
export function registerSearchCommands(services: SearchServices): vscode.Disposable {
  const { runs, loader, reports, log } = services;
  let last: SearchQuery = { text: '' };
  const search = async (title: string, listed: readonly ListedRun[], showsRuns: boolean) => {
    const options: OutputSearch = {
      title,
      read: (signal) => new RunReader(listed, loader, log, signal),
      showsRuns,
      query: last,
      remember: (query) => (last = query),
      log,
    };
    const found = await pickHit(options);
    if (found === IN_EDITOR) await openResults(reports, options, last);
    else if (found) await openHit(found);
  };
  return vscode.Disposable.from(
    registerCommand(commands.searchRun, log, async (element) => {
      const listed = runOf(element, runs.all);
      // Kept open, since it is read for every query.
      const { info } = await loader.load(listed);
      const title = vscode.l10n.t('Search Run Output: {0}', displayName(info.title));
      await search(title, [listed], false);
    }),
    registerCommand(commands.searchAllRuns, log, () =>
      search(vscode.l10n.t('Search All Runs'), runs.all, true),
    ),
  );
}
