import * as vscode from 'vscode';
import type { KnownNodes } from '../../../exec/targeting/names/knownNodes.ts';
import {
  type ChoiceOperation,
  combineChoice,
} from '../../../exec/targeting/choice/combineChoice.ts';
import { type NamedNodes, needsDecision } from '../../../exec/targeting/names/nameNotation.ts';
import { ANY, type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { setPrompt } from '../../base/newerApi.ts';
import { withoutLinks } from '../../base/plainLabel.ts';
import { type Answer, BACK, showUntilAnswered, type StepFrame } from '../../base/quickInput.ts';
import type { PickSession } from '../session/pickSession.ts';
import { decideNames } from './decideNames.ts';
import { answerOf, knownNodes, type NodeAnswer, namesMessage, nodesOfStep } from './namedNodes.ts';
import { NameReader, READING } from './nameReader.ts';
import { nodeItems, type NodePickItem } from './nodeItems.ts';
import { SelectedNodes } from './selectedNodes.ts';

/** What to do with the nodes that a text in the filter names; Enter adds them. */
interface NamesButton extends vscode.QuickInputButton {
  readonly operation: ChoiceOperation;
}

const NAMES_BUTTONS: readonly NamesButton[] = [
  {
    iconPath: new vscode.ThemeIcon('list-unordered'),
    tooltip: vscode.l10n.t('Select the Named Nodes'),
    operation: 'add',
  },
  {
    iconPath: new vscode.ThemeIcon('remove'),
    tooltip: vscode.l10n.t('Clear the Named Nodes'),
    operation: 'remove',
  },
  {
    iconPath: new vscode.ThemeIcon('list-selection'),
    tooltip: vscode.l10n.t('Of the Selected Nodes, Leave Only the Named Ones Selected'),
    operation: 'intersect',
  },
];

/** Asks for nodes in a list with check boxes. A list of names in the filter selects these nodes. */
export async function pickNodes(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<NodeAnswer>> {
  const { datacenters } = session;
  let labels: ReadonlySet<string> = new Set(
    selection.node.kind === 'exactly' ? selection.node.names : [],
  );
  for (;;) {
    const answer = await new NodeList(session, selection).ask(frame, labels);
    if (answer === undefined || answer === BACK) return answer;
    if (!('read' in answer)) {
      return answerOf(datacenters, nodesOfStep(datacenters, selection), [...answer.labels]);
    }
    const decided = await decideNames(frame, answer.read);
    if (decided === undefined) return undefined;
    labels =
      decided === BACK
        ? answer.labels
        : new Set(combineChoice(answer.labels, answer.operation, decided));
  }
}

/** The labels of the selected nodes. */
type ListAnswer =
  | { readonly labels: ReadonlySet<string> }
  /** The user has to decide about the names first. */
  | {
      readonly labels: ReadonlySet<string>;
      readonly read: NamedNodes;
      readonly operation: ChoiceOperation;
    };

class NodeList {
  readonly #session: PickSession;
  readonly #selection: TargetSelection;
  readonly #pick = vscode.window.createQuickPick<NodePickItem>();
  readonly #selected = new SelectedNodes(this.#pick);
  #known: KnownNodes | undefined;
  /** What the text in the filter means as names. */
  #read: NamedNodes | typeof READING | undefined;
  readonly #names = new NameReader(() => this.#readFilter());
  #pressed: NamesButton | undefined;

  constructor(session: PickSession, selection: TargetSelection) {
    this.#session = session;
    this.#selection = selection;
    this.#pick.canSelectMany = true;
    this.#pick.matchOnDescription = true;
    this.#pick.placeholder = vscode.l10n.t('Select the nodes to run on, or paste their names');
    this.#pick.keepScrollPosition = true;
  }

  ask(frame: StepFrame, labels: ReadonlySet<string>): Promise<Answer<ListAnswer>> {
    this.#draw(labels);
    return showUntilAnswered(this.#pick, { ...frame, canGoBack: true }, () => this.#answer(), {
      listeners: [
        new vscode.Disposable(() => this.#names.dispose()),
        this.#pick.onDidChangeValue(() => this.#readFilter()),
        this.#session.datacenters.onChange(() => {
          this.#known = undefined;
          this.#draw();
        }),
      ],
      isAccept: (button) => {
        this.#pressed = NAMES_BUTTONS.find((candidate) => candidate === button);
        return this.#pressed !== undefined;
      },
    });
  }

  #draw(labels?: ReadonlySet<string>): void {
    const targets = this.#session.datacenters.targets({ ...this.#selection, node: ANY });
    this.#selected.draw(nodeItems(targets, this.#selection), labels);
  }

  /** Enter selects the named nodes first, and leaves the list only when the filter has no names. */
  #answer(): ListAnswer | undefined {
    const pressed = this.#pressed;
    this.#pressed = undefined;
    const { labels } = this.#selected;
    const read = this.#read;
    if (read === READING) return undefined;
    // A wildcard also filters the rows, so the user may have selected some of those.
    if (read && (pressed || read.notation !== 'wildcard' || labels.size === 0)) {
      const { operation } = pressed ?? { operation: 'add' };
      if (needsDecision(read)) return { labels, read, operation };
      this.#pick.value = '';
      this.#readFilter();
      this.#draw(new Set(combineChoice(this.#selected.wanted, operation, read.names)));
      return undefined;
    }
    return labels.size === 0 ? undefined : { labels };
  }

  #readFilter(): void {
    const text = this.#pick.value;
    this.#known ??= knownNodes(nodesOfStep(this.#session.datacenters, this.#selection));
    this.#read = text.trim() === '' ? undefined : this.#names.read(text, this.#known);
    const read = this.#read;
    const isReading = read === READING;
    this.#pick.busy = isReading;
    setPrompt(this.#pick, isReading ? undefined : read && withoutLinks(selectMessage(read)));
    this.#pick.buttons = [
      vscode.QuickInputButtons.Back,
      ...(read === undefined || isReading ? [] : NAMES_BUTTONS),
    ];
  }
}

function selectMessage(read: NamedNodes): string {
  return `${namesMessage(read)} ${vscode.l10n.t('Press Enter to select them.')}`;
}
