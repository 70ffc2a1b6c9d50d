import * as vscode from 'vscode';
import { setPrompt, setTitle, showToggles, type ToggleButton } from './newerApi.ts';

/** The user wants to return to the previous step. */
export const BACK = Symbol('back');
/** The result of a step: an answer, `BACK`, or undefined for Escape. */
export type Answer<T> = T | typeof BACK | undefined;

/** The properties that every step of a wizard shows. An input alone has no number. */
export interface StepFrame {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack: boolean;
}

/** Shows an input until it is accepted, left with Back, or hidden; then disposes of it. */
export function showUntilAnswered<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  frame: StepFrame,
  /** @returns the answer, or undefined to keep the input open */
  accept: () => T | undefined,
  extras: {
    readonly listeners?: readonly vscode.Disposable[];
    /** Buttons that do what Enter does. */
    readonly isAccept?: (button: vscode.QuickInputButton) => boolean;
  } = {},
): Promise<Answer<T>> {
  setTitle(input, frame.title);
  input.step = frame.step;
  input.totalSteps = frame.totalSteps;
  // What was entered in earlier steps must not be lost.
  input.ignoreFocusOut = frame.step !== undefined;
  if (frame.canGoBack) input.buttons = [vscode.QuickInputButtons.Back, ...input.buttons];
  const { promise, resolve } = Promise.withResolvers<Answer<T>>();
  const tryAccept = () => {
    const answer = accept();
    if (answer !== undefined) resolve(answer);
  };
  const subscriptions = [
    ...(extras.listeners ?? []),
    input.onDidAccept(tryAccept),
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve(BACK);
      if (extras.isAccept?.(button)) tryAccept();
    }),
    input.onDidHide(() => resolve(undefined)),
  ];
  input.show();
  return promise.finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
    input.dispose();
  });
}

/** An item with a value. */
export interface ValueItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** A source of rows that change while they are shown. */
export interface LiveSource {
  onChange(listener: () => void): vscode.Disposable;
}

/** A button of a quick pick that picks a value, as a row does. */
export interface ValueButton<T> extends vscode.QuickInputButton {
  readonly value: T;
}

type Rows<T> = readonly (ValueItem<T> | vscode.QuickPickItem)[];

/**
 * Lets the user pick one item. Rows can include separators.
 * @param rows called again whenever `live` changes
 */
export function pickOne<T>(
  frame: StepFrame,
  placeholder: string,
  rows: () => Rows<T>,
  options: {
    readonly live?: LiveSource;
    readonly buttons?: readonly ValueButton<T>[];
    /** Shown under the input all the time. */
    readonly prompt?: string;
    /** Finds the row to highlight first; by default the first one. */
    readonly current?: (value: T) => boolean;
  } = {},
): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<ValueItem<T> | vscode.QuickPickItem>();
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.buttons = options.buttons ?? [];
  setPrompt(pick, options.prompt);
  const draw = () => {
    const [active] = pick.activeItems;
    pick.items = rows();
    const same = pick.items.find(({ label }) => label === active?.label);
    if (same) pick.activeItems = [same];
  };
  draw();
  const current = pick.items.find((item) => 'value' in item && options.current?.(item.value));
  if (current) pick.activeItems = [current];
  let pressed: ValueButton<T> | undefined;
  const accept = () => {
    const answer = pressed ?? pick.selectedItems[0];
    return answer && 'value' in answer ? answer.value : undefined;
  };
  return showUntilAnswered(pick, frame, accept, {
    listeners: options.live ? [options.live.onChange(draw)] : [],
    isAccept: (button) => {
      pressed = options.buttons?.find((candidate) => candidate === button);
      return pressed !== undefined;
    },
  });
}

/** A message about a text while it is typed; an error prevents accepting it. */
export interface InputMessage {
  readonly message: string;
  readonly severity: vscode.InputBoxValidationSeverity;
}

/** Asks for a line of text and validates it on every key. Doesn't accept a blank line. */
export function askText(
  frame: StepFrame,
  options: {
    readonly prompt: string;
    readonly placeholder: string;
    readonly value: string;
    readonly validate: (text: string) => InputMessage | undefined;
    /** The message when Enter is pressed without text. */
    readonly emptyMessage: string;
    /** The validation runs again whenever this changes. */
    readonly live?: LiveSource;
    readonly toggles?: readonly ToggleButton[];
    /** The part of `value` that typing replaces; all of it by default. */
    readonly selection?: readonly [from: number, to: number];
  },
): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = options.prompt;
  input.placeholder = options.placeholder;
  input.value = options.value;
  if (options.selection) input.valueSelection = options.selection;
  const validate = (): InputMessage | undefined => {
    const message = input.value === '' ? undefined : options.validate(input.value);
    input.validationMessage = message;
    return message;
  };
  validate();
  const accept = () => {
    const { Error: ERROR } = vscode.InputBoxValidationSeverity;
    if (validate()?.severity === ERROR) return undefined;
    if (input.value.trim() !== '') return input.value;
    input.validationMessage = { message: options.emptyMessage, severity: ERROR };
    return undefined;
  };
  return showUntilAnswered(input, frame, accept, {
    listeners: [
      ...(options.live ? [options.live.onChange(() => void validate())] : []),
      input.onDidChangeValue(validate),
      showToggles(input, options.toggles ?? [], validate),
    ],
  });
}
