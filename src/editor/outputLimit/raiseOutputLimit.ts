import * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import { NO_LIMITS, type OutputLimits } from '../../exec/cap/outputLimit.ts';
import { commands } from '../base/contributions.ts';
import { showInfo } from '../base/notify.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { UserError } from '../base/userError.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { pickActiveRun } from '../runs/pickActiveRun.ts';
import type { RunList } from '../runs/runList.ts';
import { isRunElement } from '../runsView/runElements.ts';
import { limitsLabel } from './limitsLabel.ts';

interface RaiseServices {
  readonly runs: RunList;
  readonly log: vscode.LogOutputChannel;
}

const FACTORS = [2, 10];
const MAX_NAMES = 5;

/** Registers the command that raises the limit of a run's output while the run is running. */
export function registerRaiseOutputLimit({ runs, log }: RaiseServices): vscode.Disposable {
  return registerCommand(commands.raiseOutputLimit, log, async (element) => {
    const title = vscode.l10n.t('Select a run to raise its output limit');
    const listed = isRunElement(element) ? element.listed : await pickActiveRun(runs, title);
    if (listed) await raise(listed);
  });
}

async function raise(listed: ListedRun): Promise<void> {
  const { limits } = requireLimit(listed);
  if (limits.perNode === 0 && limits.perRun === 0) {
    return void showInfo(vscode.l10n.t('The output of this run has no limit.'));
  }
  const chosen = await chooseLimits(listed, limits);
  if (!chosen) return;
  // The run can have ended meanwhile.
  requireLimit(listed).raise(chosen);
  const cut = cutNodes(listed);
  if (cut.length > 0) void showInfo(alreadyCutMessage(cut));
}

function requireLimit({ outputLimit }: ListedRun) {
  if (outputLimit) return outputLimit;
  throw new UserError(
    vscode.l10n.t('This run is over, or another window collects it. Its limit stays as it is.'),
  );
}

async function chooseLimits(
  listed: ListedRun,
  limits: OutputLimits,
): Promise<OutputLimits | undefined> {
  const raised = FACTORS.map((factor) => {
    return { perNode: limits.perNode * factor, perRun: limits.perRun * factor };
  });
  const items = [...raised, NO_LIMITS].map((each) => ({ label: limitsLabel(each), limits: each }));
  const cut = cutNodes(listed);
  const placeHolder =
    cut.length > 0 ? alreadyCutMessage(cut) : vscode.l10n.t('Now: {0}', limitsLabel(limits));
  const title = vscode.l10n.t('Raise Output Limit');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.limits;
}

function cutNodes({ run }: ListedRun): string[] {
  const nodes = [...(run?.ledger.nodes ?? [])];
  return nodes.filter(({ state }) => state === 'cut').map(({ node }) => node);
}

/** Their agents upload nothing more. */
function alreadyCutMessage(nodes: readonly string[]): string {
  return vscode.l10n.t('Too late for {0}: the output was cut.', joinNames(nodes, MAX_NAMES));
}
