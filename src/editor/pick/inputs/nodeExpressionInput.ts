import * as vscode from 'vscode';
import { FilterSyntaxError } from '../../../exec/targeting/re2.ts';
import { type NamedNodes, needsDecision } from '../../../exec/targeting/names/nameNotation.ts';
import type { KnownNodes } from '../../../exec/targeting/names/knownNodes.ts';
import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import {
  ANY,
  type FieldSelection,
  type TargetSelection,
} from '../../../exec/targeting/targetSelection.ts';
import {
  type Answer,
  BACK,
  type InputMessage,
  showUntilAnswered,
  type StepFrame,
} from '../../base/quickInput.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { withoutLinks } from '../../base/plainLabel.ts';
import type { PickSession } from '../session/pickSession.ts';
import { decideNames } from './decideNames.ts';
import { matchedMessage, matchMessage } from './expressionInput.ts';
import { NameReader, READING } from './nameReader.ts';
import { answerOf, knownNodes, type NodeAnswer, namesMessage, nodesOfStep } from './namedNodes.ts';

const { Error: ERROR, Info: INFO, Warning: WARNING } = vscode.InputBoxValidationSeverity;

const useNamesButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-unordered'),
  tooltip: vscode.l10n.t('Use as Names'),
};

/** Longer expressions don't fit in any event, and take long to compile. */
const MAX_EXPRESSION = 2000;

/** What a text means: as a regular expression, and as a list, range or wildcard. */
interface Reading {
  readonly text: string;
  /** Labels of the nodes that the expression reaches; undefined if agents refuse it. */
  readonly matched: ReadonlySet<string> | undefined;
  /** Undefined if the text isn't a list, range or wildcard, or if that means the same nodes. */
  readonly named: NamedNodes | undefined;
}

/**
 * Asks for nodes by a regular expression, or by names in the notations of other tools. Shows both
 * meanings of a text that has two. Enter takes the expression, unless only the names mean nodes.
 */
export async function askNodes(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<NodeAnswer>> {
  let value = selection.node.kind === 'matching' ? selection.node.expression : '';
  for (;;) {
    const input = new NodeExpressionInput(session, selection, value);
    // The input adds the Back button to its own.
    const answer = await input.ask({ ...frame, canGoBack: false });
    if (answer === undefined || answer === BACK) return answer;
    if ('node' in answer) return answer;
    value = answer.text;
    const labels = await decideNames(frame, answer.named);
    if (labels === undefined) return undefined;
    if (labels === BACK) continue;
    const { datacenters } = session;
    const nodes = answerOf(datacenters, nodesOfStep(datacenters, selection), labels);
    return { ...nodes, origin: originOf(answer) };
  }
}

/** Wildcards can be saved as a rule; of a list, only the nodes. */
function originOf({ text, named }: NamedText): ChoiceOrigin | undefined {
  if (named.notation !== 'wildcard' || needsDecision(named)) return undefined;
  return { kind: 'nodes', text };
}

interface NamedText {
  readonly text: string;
  readonly named: NamedNodes;
}

type InputAnswer = NodeAnswer | NamedText;

class NodeExpressionInput {
  readonly #session: PickSession;
  readonly #selection: TargetSelection;
  readonly #input = vscode.window.createInputBox();
  /** Made when it is needed first, and again when the nodes change. */
  #known: KnownNodes | undefined;
  readonly #names = new NameReader(() => this.#update());
  #pressed: vscode.QuickInputButton | undefined;

  constructor(session: PickSession, selection: TargetSelection, value: string) {
    this.#session = session;
    this.#selection = selection;
    this.#input.value = value;
    this.#input.placeholder = '^web-0[1-3]$';
    this.#input.prompt = vscode.l10n.t(
      'A regular expression (RE2) that matches anywhere in node names, like consul exec -node. You can also enter a list of names, ranges like web-[01-20],!web-07, or a wildcard like web-*.',
    );
  }

  ask(frame: StepFrame): Promise<Answer<InputAnswer>> {
    this.#update();
    return showUntilAnswered(this.#input, frame, () => this.#answer(), {
      listeners: [
        new vscode.Disposable(() => this.#names.dispose()),
        this.#input.onDidChangeValue(() => this.#update()),
        this.#session.datacenters.onChange(() => {
          this.#known = undefined;
          this.#update();
        }),
      ],
      isAccept: (button) => {
        this.#pressed = button;
        return button === useNamesButton;
      },
    });
  }

  #answer(): InputAnswer | undefined {
    const text = this.#input.value;
    if (text.trim() === '') {
      const message = vscode.l10n.t('Enter an expression, or go back for the other choices.');
      this.#input.validationMessage = { message, severity: ERROR };
      return undefined;
    }
    const reading = this.#read();
    if (reading === READING) return undefined;
    const { named, matched } = reading;
    if (named && (this.#pressed === useNamesButton || !matched || matched.size === 0)) {
      return { text, named };
    }
    return matched ? { node: matching(text) } : undefined;
  }

  #update(): void {
    this.#pressed = undefined;
    const text = this.#input.value;
    const reading = text === '' ? undefined : this.#read();
    this.#input.busy = reading === READING;
    this.#input.validationMessage = reading === READING ? readingMessage() : this.#message(reading);
    const canUseNames =
      reading !== READING && reading?.named !== undefined && reading.named.names.length > 0;
    this.#input.buttons = [vscode.QuickInputButtons.Back, ...(canUseNames ? [useNamesButton] : [])];
  }

  #read(): Reading | typeof READING {
    const text = this.#input.value;
    const { datacenters } = this.#session;
    this.#known ??= knownNodes(nodesOfStep(datacenters, this.#selection));
    const named = this.#names.read(text, this.#known);
    if (named === READING) return READING;
    const matched = this.#matched(text);
    if (!named || !matched || matched.size === 0) return { text, matched, named };
    const canRespond = new Set(datacenters.reachedLabels({ ...this.#selection, node: ANY }));
    const reached = new Set(named.names).intersection(canRespond);
    const isSame = reached.size === 0 || reached.symmetricDifference(matched).size === 0;
    return { text, matched, named: isSame ? undefined : named };
  }

  #matched(text: string): ReadonlySet<string> | undefined {
    if (text.length > MAX_EXPRESSION) return undefined;
    try {
      const selection = { ...this.#selection, node: matching(text) };
      return new Set(this.#session.datacenters.reachedLabels(selection));
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      return undefined;
    }
  }

  #message(reading: Reading | undefined): InputMessage | undefined {
    if (!reading) return undefined;
    const { text, matched, named } = reading;
    const selection = { ...this.#selection, node: matching(text) };
    if (!named && text.length > MAX_EXPRESSION) {
      const message = vscode.l10n.t('The expression is too long. Shorten it, or enter names.');
      return { message, severity: ERROR };
    }
    if (!named) {
      return matched
        ? matchedMessage(this.#session, [...matched])
        : matchMessage(this.#session, selection);
    }
    const names = namesMessage(named);
    if (matched && matched.size > 0) {
      const total = nodeCountLabel(this.#session.datacenters.nodes.length);
      const expression = vscode.l10n.t(
        'As a regular expression: {0} of {1}. Press Enter for the regular expression, or select "Use as Names".',
        matched.size,
        total,
      );
      return { message: withoutLinks(`${names} ${expression}`), severity: WARNING };
    }
    const isClear = named.names.length > 0 && !needsDecision(named);
    return { message: withoutLinks(names), severity: isClear ? INFO : WARNING };
  }
}

function readingMessage(): InputMessage {
  return { message: vscode.l10n.t('Reading the names…'), severity: INFO };
}

function matching(expression: string): FieldSelection {
  return { kind: 'matching', expression };
}
