import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { compileSearch, type SearchQuery } from '../../runs/search/searchQuery.ts';
import { searchReport } from '../../runs/search/searchReport.ts';
import { DOCUMENT_LIMITS, type RunHits, searchRuns } from '../../runs/search/searchRuns.ts';
import type { Reports } from '../reports/reports.ts';
import { searchSummary } from './hitRows.ts';
import type { OutputSearch } from './pickHit.ts';

/** Searches again, with more lines than a list can have, and shows all of them in a read-only editor. */
export async function openResults(
  reports: Reports,
  { title, read, showsRuns }: OutputSearch,
  query: SearchQuery,
): Promise<void> {
  const finder = compileSearch(query);
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress(
    { location, title: vscode.l10n.t('Searching…'), cancellable: true },
    async (_, token) => {
      const stop = new AbortController();
      const subscription = token.onCancellationRequested(() =>
        stop.abort(new vscode.CancellationError()),
      );
      try {
        const runs = read(stop.signal);
        const search = searchRuns(runs, finder, DOCUMENT_LIMITS, stop.signal);
        const found: RunHits[] = [];
        let next = await search.next();
        for (; next.done !== true; next = await search.next()) found.push(next.value);
        const summary = searchSummary(next.value, showsRuns, runs.unread);
        const heading = `${title}: "${displayName(query.text)}"`;
        const text = searchReport(`${heading}\n${summary}`, found);
        await reports.show(vscode.l10n.t('Search Results'), text, { preview: false });
      } finally {
        subscription.dispose();
      }
    },
  );
}
