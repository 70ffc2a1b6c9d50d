import * as vscode from 'vscode';
import { compileSearch, SearchError, type SearchQuery } from '../../runs/search/searchQuery.ts';
import { LIST_LIMITS, searchRuns } from '../../runs/search/searchRuns.ts';
import { setPrompt, showToggles } from '../base/newerApi.ts';
import { BACK, showUntilAnswered } from '../base/quickInput.ts';
import { reportError } from '../base/reportError.ts';
import { searchSummary, type FoundLine, type HitRow, hitRows } from './hitRows.ts';
import type { RunReader } from './runReader.ts';
import { queryOf, searchToggles } from './searchToggles.ts';

/** The search starts when the text hasn't changed for this long. */
const DEBOUNCE_MS = 150;
/** How often a long search shows its results so far. */
const REDRAW_INTERVAL_MS = 300;

export interface OutputSearch {
  readonly title: string;
  /** @returns the runs to search, which are read again for each query */
  readonly read: (signal: AbortSignal) => RunReader;
  /** Whether to show which run a line is from. */
  readonly showsRuns: boolean;
  /** The initial query. */
  readonly query: SearchQuery;
  readonly remember: (query: SearchQuery) => void;
  readonly log: vscode.LogOutputChannel;
}

/** The user wants all results in an editor. */
export const IN_EDITOR = Symbol('in editor');

/** Searches the outputs of runs while the user types. @returns the selected line */
export async function pickHit(
  search: OutputSearch,
): Promise<FoundLine | typeof IN_EDITOR | undefined> {
  const pick = vscode.window.createQuickPick<HitRow>();
  const { query, remember } = search;
  const toggles = searchToggles(query);
  const inEditor = {
    iconPath: new vscode.ThemeIcon('go-to-file'),
    tooltip: vscode.l10n.t('Open Results in Editor'),
  };
  pick.value = query.text;
  pick.placeholder = vscode.l10n.t('Enter text to find in the output of all nodes');
  pick.keepScrollPosition = true;
  // Not in the API's types yet. Without it, VS Code sorts rows by label and separates them from their node.
  Object.assign(pick, { sortByLabel: false });
  let current = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const restart = (delayMs: number) => {
    current.abort();
    clearTimeout(timer);
    const { signal } = (current = new AbortController());
    const query = queryOf(pick.value, toggles);
    remember(query);
    pick.busy = query.text !== '';
    timer = setTimeout(() => void fill(pick, search, query, signal), delayMs);
  };
  restart(0);
  const frame = {
    title: search.title,
    step: 0,
    totalSteps: 0,
    canGoBack: false,
  };
  let isPressed = false;
  const accept = () => {
    if (isPressed) return pick.value === '' ? undefined : IN_EDITOR;
    const [row] = pick.selectedItems;
    return row && 'value' in row ? row.value : undefined;
  };
  const listeners = [
    pick.onDidChangeValue(() => restart(DEBOUNCE_MS)),
    showToggles(pick, toggles, () => restart(0), [inEditor]),
  ];
  const isAccept = (button: vscode.QuickInputButton) => (isPressed = button === inEditor);
  const extras = { listeners, isAccept };
  const answer = await showUntilAnswered(pick, frame, accept, extras).finally(() => {
    current.abort();
    clearTimeout(timer);
  });
  return answer === BACK ? undefined : answer;
}

/** Shows the matches of a query as they are found, until the signal is aborted. */
async function fill(
  pick: vscode.QuickPick<HitRow>,
  { read, showsRuns, log }: OutputSearch,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<void> {
  const rows: HitRow[] = [];
  const draw = (prompt: string) => {
    if (signal.aborted) return;
    const [active] = pick.activeItems;
    pick.items = rows;
    setPrompt(pick, prompt);
    if (active && rows.includes(active)) pick.activeItems = [active];
  };
  try {
    if (query.text === '') {
      draw('');
      return;
    }
    const finder = compileSearch(query);
    const runs = read(signal);
    const found = searchRuns(runs, finder, LIST_LIMITS, signal);
    let drawnAt = performance.now();
    let next = await found.next();
    for (; next.done !== true; next = await found.next()) {
      rows.push(...hitRows(next.value, showsRuns));
      if (performance.now() - drawnAt < REDRAW_INTERVAL_MS) continue;
      draw(vscode.l10n.t('Searching…'));
      drawnAt = performance.now();
    }
    draw(searchSummary(next.value, showsRuns, runs.unread));
  } catch (error) {
    if (signal.aborted) return;
    rows.length = 0;
    draw(error instanceof SearchError ? error.message : '');
    if (!(error instanceof SearchError)) reportError(error, log);
  } finally {
    if (!signal.aborted) pick.busy = false;
  }
}
