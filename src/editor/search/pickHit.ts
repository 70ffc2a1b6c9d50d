import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { nodesStanding } from '../../runs/export/nodeList.ts';
import type { Run } from '../../runs/run.ts';
import { compileSearch, SearchError, type SearchQuery } from '../../runs/finder.ts';
import { searchOutputs } from '../../runs/search.ts';
import { BACK, settle } from '../input/quickInput.ts';
import { reportError } from '../reportError.ts';
import { describeEnd, type FoundLine, type HitRow, hitRows } from './hitRows.ts';
import { queryOf, searchToggles } from './searchToggles.ts';

/** A list is read by a person: past this the search is to be narrowed. */
const LIMITS = { hits: 500, hitsPerNode: 50 };
/** How long the text must rest before it is looked for. */
const REST_MS = 150;
/** How often a search that takes long shows what it has. */
const DRAW_MS = 300;

export interface RunSearch {
  readonly run: Run;
  /** What to begin with. */
  readonly query: SearchQuery;
  readonly remember: (query: SearchQuery) => void;
  readonly log: vscode.LogOutputChannel;
}

/** Looks through the outputs of a run while the user types. @returns the line that was chosen */
export async function pickHit({
  run,
  query,
  remember,
  log,
}: RunSearch): Promise<FoundLine | undefined> {
  const pick = vscode.window.createQuickPick<HitRow>();
  const toggles = searchToggles(query);
  pick.buttons = toggles;
  pick.value = query.text;
  pick.placeholder = vscode.l10n.t('What to look for in the output of every node');
  pick.keepScrollPosition = true;
  // Not in the API's types yet: without it rows would be sorted by their text, and nodes be lost.
  Object.assign(pick, { sortByLabel: false });
  let search = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const restart = (restMs: number) => {
    search.abort();
    clearTimeout(timer);
    const { signal } = (search = new AbortController());
    const query = queryOf(pick.value, toggles);
    remember(query);
    pick.busy = query.text !== '';
    timer = setTimeout(() => void fill(pick, run, query, signal, log), restMs);
  };
  restart(0);
  const frame = {
    title: vscode.l10n.t('Search Outputs: {0}', displayName(run.info.title)),
    step: 0,
    totalSteps: 0,
    canGoBack: false,
  };
  const accept = () => {
    const [row] = pick.selectedItems;
    return row && 'value' in row ? row.value : undefined;
  };
  const listeners = [
    pick.onDidChangeValue(() => restart(REST_MS)),
    pick.onDidTriggerButton(() => restart(0)),
  ];
  const answer = await settle(pick, frame, accept, { listeners }).finally(() => {
    search.abort();
    clearTimeout(timer);
  });
  return answer === BACK ? undefined : answer;
}

/** Shows what is found as it is found, until the signal says that it is of no more use. */
async function fill(
  pick: vscode.QuickPick<HitRow>,
  run: Run,
  query: SearchQuery,
  signal: AbortSignal,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const rows: HitRow[] = [];
  const draw = (told: string) => {
    if (signal.aborted) return;
    const [active] = pick.activeItems;
    pick.items = rows;
    pick.prompt = told;
    if (active && rows.includes(active)) pick.activeItems = [active];
  };
  try {
    if (query.text === '') {
      draw('');
      return;
    }
    const finder = compileSearch(query);
    const nodes = nodesStanding(run.ledger);
    const found = searchOutputs(run.output, nodes, finder, LIMITS, signal);
    let drawnAt = performance.now();
    let next = await found.next();
    for (; next.done !== true; next = await found.next()) {
      rows.push(...hitRows(next.value));
      if (performance.now() - drawnAt < DRAW_MS) continue;
      draw(vscode.l10n.t('Searching…'));
      drawnAt = performance.now();
    }
    draw(describeEnd(next.value));
  } catch (error) {
    if (signal.aborted) return;
    rows.length = 0;
    draw(error instanceof SearchError ? error.message : '');
    if (!(error instanceof SearchError)) reportError(error, log);
  } finally {
    if (!signal.aborted) pick.busy = false;
  }
}
