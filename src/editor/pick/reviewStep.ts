import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Choice } from '../../exec/choice.ts';
import { type Job, jobText } from '../../exec/job.ts';
import { type RaftWrites, raftWrites } from '../../exec/raftWrites.ts';
import { describeDuration } from '../../runs/wording.ts';
import { runOn } from '../nodeCount.ts';
import { plainLabel, withoutLinks } from '../plainLabel.ts';
import { type NodeItem, nodeItems } from './nodeItems.ts';
import { frameOf, type PickSession, placeOf } from './pickSession.ts';
import { type Answer, BACK, settle } from '../input/quickInput.ts';
import { fixLabel, type Remark, remarksOn } from './reviewRemarks.ts';
import { awayRemark, departedRemarks, siteRemarks } from './siteRemarks.ts';
import type { SiteNode, SiteTargets } from './sites.ts';
import { displayCode, showText } from './textStep.ts';
import { TickedNodes } from './tickedNodes.ts';

/** Who is to run the job, or another choice that a remark proposed. */
export type Reviewed =
  | {
      /** One datacenter after the other, in each as they were shown; at least one. */
      readonly targets: readonly SiteNode[];
      readonly inSteps: boolean;
    }
  | { readonly fix: Choice }
  /** Other settings are wanted first; what is ticked by now stays so. */
  | { readonly settings: ReadonlySet<string> };

/** Shows exactly what will run and who will run it; nodes can be unticked, and remarks acted on. */
export async function reviewStep(
  session: PickSession,
  choice: Choice,
  preticked?: ReadonlySet<string>,
): Promise<Answer<Reviewed>> {
  let ticked = preticked;
  for (;;) {
    const answer = await askReview(session, choice, ticked);
    if (answer === undefined || answer === BACK || !('text' in answer)) return answer;
    ticked = answer.text;
    if ((await showText(session)) === undefined) return undefined;
  }
}

/** The whole text is wanted first; what is ticked by now stays so. */
interface WantsText {
  readonly text: ReadonlySet<string>;
}

function askReview(
  session: PickSession,
  choice: Choice,
  preticked: ReadonlySet<string> | undefined,
): Promise<Answer<Reviewed | WantsText>> {
  const { sites } = session;
  const pick = vscode.window.createQuickPick<NodeItem | vscode.QuickPickItem>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.keepScrollPosition = true;
  const ticked = new TickedNodes(pick);
  let remarks: readonly Remark[] = [];
  let judged: SiteTargets | undefined;
  let fixes: readonly FixButton[] = [];
  let pressed: vscode.QuickInputButton | undefined;
  const judge = () => {
    // Working out what an expression does takes long on many nodes.
    const targets = sites.targets(choice);
    if (targets === judged) return;
    judged = targets;
    remarks = remarksOn(session, choice);
    fixes = remarks.flatMap(({ fix }) => (fix ? [fixButton(fix)] : []));
  };
  const rows = () => nodeItems(sites.targets(choice), choice);
  let departed: readonly string[] = [];
  const tell = () => {
    const { targets } = ticked;
    const count = targets.length;
    const warnings = [
      ...remarks.map(({ text }) => text),
      ...departed,
      ...awayRemark(targets),
      ...siteRemarks(session),
    ];
    pick.title = `${runOn(count)} — ${placeOf(session)}`;
    pick.prompt = [
      describeJob(session, count),
      ...excerpt(session),
      ...warnings.map((text) => `⚠ ${text}`),
    ]
      .map(withoutLinks)
      .join(' — ');
    pick.buttons = [
      vscode.QuickInputButtons.Back,
      ...fixes,
      textButton,
      waitButton,
      ...(count > 1 && !session.goesOn ? [stepsButton] : []),
      runButton(count),
    ];
    pick.placeholder =
      count === 0
        ? vscode.l10n.t('Tick at least one node, or go back')
        : vscode.l10n.t('Enter runs it on what is ticked; untick what is to be left out');
  };
  const accept = (): Reviewed | WantsText | undefined => {
    if (pressed === textButton) return { text: ticked.labels };
    if (pressed === waitButton) return { settings: ticked.labels };
    const fix = fixes.find((own) => own === pressed)?.fix;
    if (fix) return { fix };
    const targets = bySite(session, ticked.targets);
    return targets.length > 0 ? { targets, inSteps: pressed === stepsButton } : undefined;
  };
  let drawn = false;
  let changed = false;
  const redraw = () => {
    judge();
    ticked.draw(rows());
    departed = departedRemarks(sites, choice, ticked.wanted);
    tell();
  };
  const over = new AbortController();
  const frame = { ...frameOf(session, 4, ''), title: placeOf(session) };
  const settled = settle(pick, frame, accept, {
    listeners: [
      pick.onDidChangeSelection(() => drawn && tell()),
      sites.onChange(() => {
        changed = true;
        if (drawn) redraw();
      }),
      new vscode.Disposable(() => over.abort()),
    ],
    isAccept: (button) => {
      pressed = button;
      return button !== vscode.QuickInputButtons.Back;
    },
  });
  // Judging ten thousand nodes, making their rows and handing those over are a turn of the event
  // loop each. Until there are rows, nothing is ticked and nothing can be run.
  const fill = async () => {
    await nextTurn();
    const meant = preticked ?? new Set(sites.targets(choice).reached.map(({ label }) => label));
    departed = departedRemarks(sites, choice, meant);
    judge();
    await nextTurn();
    const first = rows();
    await nextTurn();
    if (over.signal.aborted) return;
    ticked.draw(first, meant);
    tell();
    drawn = true;
    pick.busy = false;
    if (changed) redraw();
  };
  pick.busy = true;
  const filled = fill().catch((error: unknown) => {
    pick.hide();
    throw error;
  });
  return Promise.all([settled, filled]).then(([answer]) => answer);
}

const textButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('file-code'),
  tooltip: vscode.l10n.t('Show the whole text that will run'),
};

const waitButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('watch'),
  tooltip: vscode.l10n.t('Change how long to wait for silent nodes, for this run'),
};

const stepsButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-ordered'),
  tooltip: vscode.l10n.t('Run in steps: on a few first, then on the rest'),
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

function bySite({ sites }: PickSession, targets: readonly SiteNode[]): SiteNode[] {
  return sites.all.flatMap((site) => targets.filter((target) => target.site === site));
}

/** `uptime … · 3 lines · script · wait 2.0 s · about 40 Raft writes`, and how the text begins. */
function describeJob({ job, title, settings }: PickSession, count: number): string {
  const lines = jobText(job).trimEnd().split('\n').length;
  return [
    plainLabel(title),
    lines === 1 ? vscode.l10n.t('1 line') : vscode.l10n.t('{0} lines', lines),
    describeForm(job),
    vscode.l10n.t('wait {0}', describeDuration(settings.quietMs)),
    describeLoad(raftWrites(count, settings.quietMs)),
  ].join(' · ');
}

function describeLoad({ atLeast, heartbeats, periodMs }: RaftWrites): string {
  return vscode.l10n.t(
    'about {0} Raft writes, {1} more every {2}',
    atLeast,
    heartbeats,
    describeDuration(periodMs),
  );
}

const SHOWN_LINES = 3;
const SHOWN_COLUMNS = 80;

/** How the text begins; a button shows all of it. */
function excerpt({ job, title }: PickSession): string[] {
  const lines = jobText(job).trimEnd().split('\n');
  if (lines.length === 1 && lines[0] === title) return [];
  const shown = lines.slice(0, SHOWN_LINES).map((line) => {
    const text = displayCode(line).trim();
    return text.length > SHOWN_COLUMNS ? `${text.slice(0, SHOWN_COLUMNS)}…` : text;
  });
  return [[...shown, ...(lines.length > SHOWN_LINES ? ['…'] : [])].join(' ⏎ ')];
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
