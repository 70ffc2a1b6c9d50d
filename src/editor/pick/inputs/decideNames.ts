import * as vscode from 'vscode';
import { type NamedNodes, needsDecision } from '../../../exec/targeting/names/nameNotation.ts';
import { setPrompt } from '../../base/newerApi.ts';
import { plainLabel, withoutLinks } from '../../base/plainLabel.ts';
import {
  type Answer,
  separator,
  showUntilAnswered,
  type StepFrame,
} from '../../base/quickInput.ts';
import { ambiguousMessage, namesMessage, similarMessage } from './namedNodes.ts';

/**
 * Lets the user decide which nodes are meant by names that are unknown or belong to several nodes. Asks
 * nothing if every name is clear.
 * @returns labels of nodes, at least one
 */
export async function decideNames(
  frame: StepFrame,
  read: NamedNodes,
): Promise<Answer<readonly string[]>> {
  return needsDecision(read) ? showNames(frame, read) : read.names;
}

/** The same for names that the user has not seen yet: shows them even if every one is clear. */
export function showNames(frame: StepFrame, read: NamedNodes): Promise<Answer<readonly string[]>> {
  const pick = vscode.window.createQuickPick();
  pick.canSelectMany = true;
  pick.placeholder = vscode.l10n.t('Select the nodes that the unclear names mean, or continue');
  setPrompt(pick, withoutLinks(namesMessage(read)));
  const { found, candidates, items } = rows(read);
  pick.items = items;
  pick.selectedItems = found;
  const nodes = new Map([...found, ...candidates].map((item) => [item, item.node]));
  return showUntilAnswered(pick, { ...frame, canGoBack: true }, () => {
    const labels = pick.selectedItems.flatMap((item) => {
      const node = nodes.get(item as NameRow);
      return node === undefined ? [] : [node];
    });
    return labels.length === 0 ? undefined : [...new Set(labels)];
  });
}

interface NameRow extends vscode.QuickPickItem {
  readonly node: string;
}

/** The nodes that are clear, then the candidates of each name that isn't. */
function rows({ names, doubts }: NamedNodes) {
  const row = (node: string): NameRow => ({ label: plainLabel(node), node });
  const found = names.map(row);
  const named = new Set(names);
  const unclear = doubts
    .filter(({ taken }) => taken === undefined)
    .map((doubt) => ({ doubt, candidates: doubt.candidates.filter((node) => !named.has(node)) }))
    .filter(({ candidates }) => candidates.length > 0)
    .map(({ doubt, candidates }) => ({ doubt, candidates: candidates.map(row) }));
  const items = [
    ...(found.length > 0 ? [separator(vscode.l10n.t('named nodes')), ...found] : []),
    ...unclear.flatMap(({ doubt, candidates }) => [
      separator(doubt.isAmbiguous ? ambiguousMessage(doubt) : similarMessage(doubt)),
      ...candidates,
    ]),
  ];
  return { found, candidates: unclear.flatMap(({ candidates }) => candidates), items };
}
