import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { describeSum, type StepResult } from '../../runs/text/sumText.ts';
import { timeLabel } from '../../runs/text/time.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { contextValue, type RowFacts } from './contextValue.ts';
import {
  countsOf,
  outcomeIcon,
  type RunPlace,
  shownConnection,
  stepsLabel,
  titleLabel,
} from './runItems.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** The row of a run in steps: the sum over its steps, and how far they are. */
export function rolloutItem(rollout: Rollout, place: RunPlace): vscode.TreeItem {
  const { id, listed, isOver, pinned } = rollout;
  const { step, ramp, isFolded, showsConnection } = place;
  const { info } = listed;
  const isOpen = rollout.run !== undefined || ramp?.state === 'held';
  const item = new vscode.TreeItem(
    titleLabel(info.title),
    isOpen && !isFolded ? Expanded : Collapsed,
  );
  // VS Code remembers by the id which rows are expanded.
  item.id = isFolded ? `steps ${id}#folded` : `steps ${id}`;
  item.description = [
    sumLabel(rollout),
    stepsLabel(step, ramp, isOver),
    pinned ? vscode.l10n.t('pinned') : '',
    timeLabel(info.createdAt),
    shownConnection(info, showsConnection),
  ]
    .filter(Boolean)
    .join(' · ');
  // The label can be shortened, and a narrow side bar cuts the description off.
  item.tooltip = `${displayName(info.title)}\n${item.description}`;
  item.iconPath = outcomeIcon(rollout.runs, pinned);
  item.contextValue = contextValue(rolloutFacts(rollout, place));
  item.accessibilityInformation = { label: `${displayName(info.title)}: ${item.description}` };
  return item;
}

function sumLabel({ runs, isActive }: Rollout): string {
  const isStopping = runs.some((listed) => listed.isStopping && !listed.isOver);
  const isInterrupted = runs.some((listed) => listed.isInterrupted);
  const isElsewhere = runs.some((listed) => !listed.isActive && !listed.isOver);
  return [
    isStopping ? vscode.l10n.t('stopping…') : '',
    isInterrupted ? vscode.l10n.t('interrupted') : '',
    isElsewhere ? vscode.l10n.t('active in another window') : '',
    describeSum(runs.flatMap(stepResult), isActive),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Nothing for a step that only another window knows. */
function stepResult(listed: ListedRun): StepResult[] {
  const counts = countsOf(listed);
  return counts ? [{ counts, end: listed.run?.ledger.end ?? listed.outcome?.end }] : [];
}

function rolloutFacts({ isActive, isOver, pinned }: Rollout, { step, ramp }: RunPlace): RowFacts {
  const state = isActive ? 'active' : isOver ? 'over' : 'elsewhere';
  const going = ramp?.state === 'ended' ? undefined : ramp?.state;
  const hasNextStep = (step?.waiting.length ?? 0) > 0 && going === undefined;
  return { kind: 'rollout', state, pinned, hasNextStep, ramp: going };
}
