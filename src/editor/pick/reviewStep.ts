import * as vscode from 'vscode';
import type { Choice } from '../../exec/choice.ts';
import { type Job, jobText } from '../../exec/job.ts';
import { describeDuration } from '../../runs/wording.ts';
import { runOn } from '../nodeCount.ts';
import { plainLabel } from '../plainLabel.ts';
import { type NodeItem, nodeItems } from './nodeItems.ts';
import { frameOf, type PickSession, placeOf } from './pickSession.ts';
import { type Answer, settle } from '../input/quickInput.ts';
import { fixLabel, remarksOn } from './reviewRemarks.ts';
import type { Site } from './sites.ts';

/** What the user saw and confirmed, for one datacenter. */
export interface ReviewedSite {
  readonly site: Site;
  /** Names of the nodes that are to run the job. */
  readonly targets: readonly string[];
}

/** The sites to run on, or another choice that a remark proposed. */
export type Reviewed =
  | { readonly sites: readonly ReviewedSite[] }
  | { readonly fix: Choice }
  /** Other settings are wanted first; what is ticked by now stays so. */
  | { readonly settings: ReadonlySet<string> };

/** Shows exactly who will run the job; nodes can be unticked, and remarks acted on. */
export function reviewStep(
  session: PickSession,
  choice: Choice,
  preticked?: ReadonlySet<string>,
): Promise<Answer<Reviewed>> {
  const pick = vscode.window.createQuickPick<NodeItem | vscode.QuickPickItem>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.keepScrollPosition = true;
  let fixes: readonly FixButton[] = [];
  let wantedFix: Choice | undefined;
  let wantsSettings = false;
  const draw = (ticked: ReadonlySet<string>) => {
    const remarks = remarksOn(session, choice);
    fixes = remarks.flatMap(({ fix }) => (fix ? [fixButton(fix)] : []));
    pick.prompt = [describeJob(session), ...remarks.map(({ text }) => `⚠ ${text}`)].join(' — ');
    const items = nodeItems(session.sites.targets(choice), choice);
    pick.items = items;
    pick.selectedItems = items.filter((item) => 'target' in item && ticked.has(item.target.label));
  };
  const targets = () =>
    pick.selectedItems.flatMap((item) => ('target' in item ? [item.target] : []));
  const tell = () => {
    const count = targets().length;
    pick.title = `${runOn(count)} — ${placeOf(session)}`;
    pick.buttons = [vscode.QuickInputButtons.Back, ...fixes, waitButton, runButton(count)];
    pick.placeholder =
      count === 0
        ? vscode.l10n.t('Tick at least one node, or go back')
        : vscode.l10n.t('Enter runs it on what is ticked; untick what is to be left out');
  };
  const reached = () => session.sites.targets(choice).reached.map(({ label }) => label);
  draw(preticked ?? new Set(reached()));
  const accept = (): Reviewed | undefined => {
    if (wantsSettings) return { settings: new Set(targets().map(({ label }) => label)) };
    if (wantedFix) return { fix: wantedFix };
    const sites = bySite(session, targets());
    return sites.length > 0 ? { sites } : undefined;
  };
  const settled = settle(pick, frameOf(session, 4, ''), accept, {
    listeners: [
      pick.onDidChangeSelection(tell),
      // Nodes that come while this is open are shown, but nobody has agreed to them: not ticked.
      session.sites.onChange(() => draw(new Set(targets().map(({ label }) => label)))),
    ],
    isAccept: (button) => {
      wantedFix = fixes.find((own) => own === button)?.fix;
      wantsSettings = button === waitButton;
      return wantsSettings || wantedFix !== undefined || button.iconPath === RUN_ICON;
    },
  });
  tell();
  return settled;
}

const waitButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('watch'),
  tooltip: vscode.l10n.t('Change how long to wait for silent nodes, for this run'),
};

interface FixButton extends vscode.QuickInputButton {
  readonly fix: Choice;
}

function fixButton(fix: Choice): FixButton {
  return { iconPath: new vscode.ThemeIcon('lightbulb'), tooltip: fixLabel(fix), fix };
}

const RUN_ICON = new vscode.ThemeIcon('play');

/** The editor's own button says "OK"; this one says what will happen. */
function runButton(count: number): vscode.QuickInputButton {
  return { iconPath: RUN_ICON, tooltip: runOn(count) };
}

function bySite({ sites }: PickSession, targets: readonly NodeItem['target'][]): ReviewedSite[] {
  return sites.all.flatMap((site) => {
    const names = targets.filter((target) => target.site === site).map(({ node }) => node.name);
    return names.length > 0 ? [{ site, targets: names }] : [];
  });
}

/** `uptime … · 3 lines · script · wait 2.0 s` */
function describeJob({ job, title, settings }: PickSession): string {
  const lines = jobText(job).trimEnd().split('\n').length;
  return [
    plainLabel(title),
    lines === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', lines),
    describeForm(job),
    vscode.l10n.t('wait {0}', describeDuration(settings.quietMs)),
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
