import * as vscode from 'vscode';
import { ConsulError } from '../../../consul/errors/consulErrors.ts';
import { joinNames } from '../../../base/joinNames.ts';
import { describeRule } from '../../../exec/targeting/sets/describeRule.ts';
import { withDelayedProgress } from '../../base/delayedProgress.ts';
import { plainLabel, withoutLinks } from '../../base/plainLabel.ts';
import {
  type Answer,
  BACK,
  pickOne,
  separator,
  type StepFrame,
  type ValueItem,
} from '../../base/quickInput.ts';
import { whereProblemMessage } from '../choice/nodesWhere.ts';
import { frameOf, type PickSession } from '../session/pickSession.ts';
import { editSets } from './editSets.ts';
import { type ListedSet, type ListedSets, listSets } from './listedSets.ts';
import { type ResolvedSet, resolveSet } from './resolveSet.ts';
import { placeWarnings } from '../review/setWarnings.ts';

/** The row that leads to the saved sets; none if there are none. */
export function setsRow<T>(value: T): ValueItem<T>[] {
  const { sets, mistakes } = listSets();
  if (sets.length + mistakes.length === 0) return [];
  return [
    {
      label: vscode.l10n.t('Saved Sets…'),
      iconPath: new vscode.ThemeIcon('bookmark'),
      description: plainLabel(joinNames(sets.map(({ set }) => set.name))),
      value,
    },
  ];
}

type Row = ListedSet | 'edit';

const editButton = {
  iconPath: new vscode.ThemeIcon('edit'),
  tooltip: vscode.l10n.t('Edit Sets in Settings'),
  value: 'edit' as const,
};

/** Asks for a saved set, and finds its nodes. A set without any stays in the list, with the reason. */
export async function pickSet(
  session: PickSession,
  frame: StepFrame,
): Promise<Answer<ResolvedSet>> {
  const title = vscode.l10n.t('Run on Nodes: Saved Sets');
  const own = { ...frameOf(session, frame.step ?? 1, title), canGoBack: true };
  let prompt: string | undefined;
  for (;;) {
    const row = await pickOne<Row>(
      own,
      vscode.l10n.t('Select a saved set'),
      () => rows(session, listSets()),
      { live: session.datacenters, buttons: [editButton], ...(prompt ? { prompt } : {}) },
    );
    if (row === undefined || row === BACK) return row;
    if (row === 'edit') {
      await editSets();
      return undefined;
    }
    const result = await resolve(session, row);
    if (typeof result !== 'string') return result;
    prompt = withoutLinks(result);
  }
}

/** @returns why the set can't be used, or the answer */
async function resolve(session: PickSession, listed: ListedSet): Promise<string | ResolvedSet> {
  const stop = new AbortController();
  const task = resolveSet(session, listed, stop.signal);
  try {
    await withDelayedProgress(task, {
      title: vscode.l10n.t('Looking for the nodes of "{0}"', listed.set.name),
      showAfterMs: 500,
      reportIntervalMs: 1000,
      message: () => '',
      cancel: () => stop.abort(),
    });
  } catch (error) {
    if (stop.signal.aborted) return vscode.l10n.t('Canceled.');
    if (!(error instanceof ConsulError)) throw error;
    const { node } = listed.set.rule;
    return whereProblemMessage(error, node.kind === 'where' ? node.filter : '');
  }
  const resolved = await task;
  return resolved.labels.length > 0 ? resolved : noNodesMessage(session, listed, resolved);
}

function noNodesMessage(session: PickSession, { set }: ListedSet, { origin }: ResolvedSet): string {
  const { was = [], unknown } = origin.used;
  const names = plainLabel(joinNames(unknown.length > 0 ? unknown : was));
  const message =
    names === ''
      ? vscode.l10n.t('No node here is in the set "{0}".', plainLabel(set.name))
      : vscode.l10n.t('No node here is in the set "{0}": {1}.', plainLabel(set.name), names);
  const [place] = placeWarnings(session, set.place);
  return place === undefined ? message : `${message} ${place}.`;
}

function rows(session: PickSession, { sets, mistakes }: ListedSets) {
  const mine = sets.filter(({ isOfWorkspace }) => !isOfWorkspace);
  const others = sets.filter(({ isOfWorkspace }) => isOfWorkspace);
  return [
    ...mine.map((listed) => setRow(session, listed)),
    ...(others.length > 0
      ? [
          separator(vscode.l10n.t("this workspace's")),
          ...others.map((listed) => setRow(session, listed)),
        ]
      : []),
    ...(mistakes.length > 0
      ? [separator(vscode.l10n.t('not usable')), ...mistakes.map(mistakeRow)]
      : []),
  ];
}

function setRow(session: PickSession, listed: ListedSet): ValueItem<Row> {
  const { set, isOfWorkspace } = listed;
  const [place] = placeWarnings(session, set.place);
  return {
    label: plainLabel(set.name),
    iconPath: new vscode.ThemeIcon(isOfWorkspace ? 'root-folder' : 'bookmark'),
    description: plainLabel(describeRule(set.rule)),
    ...(place === undefined ? {} : { detail: `$(warning) ${place}` }),
    value: listed,
  };
}

function mistakeRow(mistake: string): ValueItem<Row> {
  return {
    label: plainLabel(mistake),
    iconPath: new vscode.ThemeIcon('warning'),
    description: vscode.l10n.t('edit it in settings'),
    value: 'edit',
  };
}
