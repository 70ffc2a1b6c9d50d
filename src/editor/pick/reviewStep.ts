import * as vscode from 'vscode';
import { type Choice, choiceFilters, chosenTargets } from '../../exec/choice.ts';
import type { Filters } from '../../exec/filters.ts';
import { type Job, jobText, jobTitle } from '../../exec/job.ts';
import { payloadSize } from '../../exec/runJob.ts';
import { describeDuration } from '../../runs/wording.ts';
import { runOn } from '../nodeCount.ts';
import { plainLabel } from '../plainLabel.ts';
import { nodeItems, type NodeItem } from './nodeItems.ts';
import { frameOf, type PickSession } from './pickSession.ts';
import { type Answer, settle } from './quickInput.ts';

/** What the user saw and confirmed: who runs it, and the filters that reach just those. */
export interface Reviewed {
  readonly targets: readonly string[];
  readonly announcements: readonly Filters[];
}

/** Shows exactly who will run the job; nodes can be unticked. */
export function reviewStep(
  session: PickSession,
  choice: Choice,
  alreadyTicked?: ReadonlySet<string>,
): Promise<Answer<Reviewed>> {
  const targets = chosenTargets(choice, session.nodes);
  const frame = frameOf(session, 4, '');
  const pick = vscode.window.createQuickPick<NodeItem | vscode.QuickPickItem>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  const items = nodeItems(targets, choice);
  pick.items = items;
  const reached = new Set(targets.reached.map(({ name }) => name));
  const ticked = alreadyTicked ?? reached;
  pick.selectedItems = items.filter((item) => 'node' in item && ticked.has(item.node.name));
  const names = () =>
    pick.selectedItems.flatMap((item) => ('node' in item ? [item.node.name] : []));
  const tell = () => {
    const count = names().length;
    pick.title = `${runOn(count)} — ${place(session)}`;
    pick.buttons = [vscode.QuickInputButtons.Back, runButton(count)];
    pick.placeholder =
      count === 0
        ? vscode.l10n.t('Tick at least one node, or go back')
        : vscode.l10n.t('Enter runs it on what is ticked; untick what is to be left out');
  };
  pick.prompt = describeJob(session.job, session.settings.quietMs);
  const accept = (): Reviewed | undefined => {
    const wanted = names();
    if (wanted.length === 0) return undefined;
    const payload = payloadSize(session.settings.prefix);
    return {
      targets: wanted,
      announcements: choiceFilters(choice, wanted, session.nodes, payload),
    };
  };
  const settled = settle(pick, frame, accept, {
    listeners: [pick.onDidChangeSelection(tell)],
    isAccept: ({ iconPath }) => iconPath === RUN_ICON,
  });
  tell();
  return settled;
}

const RUN_ICON = new vscode.ThemeIcon('play');

/** The editor's own button says "OK"; this one says what will happen. */
function runButton(count: number): vscode.QuickInputButton {
  return { iconPath: RUN_ICON, tooltip: runOn(count) };
}

function place({ connection }: PickSession): string {
  return connection.datacenter || connection.name;
}

/** `uptime … · 3 lines · script · wait 2.0 s` */
function describeJob(job: Job, quietMs: number): string {
  const lines = jobText(job).trimEnd().split('\n').length;
  return [
    plainLabel(jobTitle(job)),
    lines === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', lines),
    describeForm(job),
    vscode.l10n.t('wait {0}', describeDuration(quietMs)),
  ].join(' · ');
}

function describeForm(job: Job): string {
  switch (job.kind) {
    case 'script':
      return vscode.l10n.t('script');
    case 'command':
      return vscode.l10n.t('shell command');
    case 'arguments':
      return vscode.l10n.t('without a shell');
  }
}
