import * as vscode from 'vscode';

/** The user wants the step before. */
export const BACK = Symbol('back');
/** What a step gives: an answer, the wish to go back, or undefined for Escape. */
export type Answer<T> = T | typeof BACK | undefined;

/** What all steps of one wizard show alike. */
export interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

/** Shows an input until it is accepted, left by Back, or hidden. Disposes of it in every case. */
export function settle<T>(
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
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.totalSteps;
  input.ignoreFocusOut = true;
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

/** An item that stands for a value. */
export interface ValueItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Where rows come from that change while they are shown. */
export interface Live {
  onChange(listener: () => void): vscode.Disposable;
}

/** A button of a quick pick that answers with a value, as a row would. */
export interface ValueButton<T> extends vscode.QuickInputButton {
  readonly value: T;
}

type Rows<T> = readonly (ValueItem<T> | vscode.QuickPickItem)[];

/**
 * Lets the user pick one item; separators may stand between them.
 * @param rows called again whenever `live` changes
 */
export function pickOne<T>(
  frame: StepFrame,
  placeholder: string,
  rows: () => Rows<T>,
  options: {
    readonly live?: Live;
    readonly buttons?: readonly ValueButton<T>[];
    /** Shown under the input all the time. */
    readonly prompt?: string;
  } = {},
): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<ValueItem<T> | vscode.QuickPickItem>();
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.buttons = options.buttons ?? [];
  pick.prompt = options.prompt;
  const draw = () => {
    const [active] = pick.activeItems;
    pick.items = rows();
    const same = pick.items.find(({ label }) => label === active?.label);
    if (same) pick.activeItems = [same];
  };
  draw();
  let pressed: ValueButton<T> | undefined;
  const accept = () => {
    const answer = pressed ?? pick.selectedItems[0];
    return answer && 'value' in answer ? answer.value : undefined;
  };
  return settle(pick, frame, accept, {
    listeners: options.live ? [options.live.onChange(draw)] : [],
    isAccept: (button) => {
      pressed = options.buttons?.find((own) => own === button);
      return pressed !== undefined;
    },
  });
}

/** What to say of a text while it is typed; an error keeps it from being accepted. */
export interface Remark {
  readonly message: string;
  readonly severity: vscode.InputBoxValidationSeverity;
}

/** Asks for a line of text, judged at every key; one of blanks alone is not taken. */
export function askText(
  frame: StepFrame,
  options: {
    readonly prompt: string;
    readonly placeholder: string;
    readonly value: string;
    readonly judge: (text: string) => Remark | undefined;
    /** What to say when Enter finds no text. */
    readonly empty: string;
    /** What the judgement depends on besides. */
    readonly live?: Live;
    readonly buttons?: readonly vscode.QuickInputButton[];
    readonly onButton?: (button: vscode.QuickInputButton) => void;
  },
): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = options.prompt;
  input.placeholder = options.placeholder;
  input.value = options.value;
  input.buttons = options.buttons ?? [];
  const judge = (): Remark | undefined => {
    const remark = input.value === '' ? undefined : options.judge(input.value);
    input.validationMessage = remark;
    return remark;
  };
  judge();
  const accept = () => {
    const { Error: WRONG } = vscode.InputBoxValidationSeverity;
    if (judge()?.severity === WRONG) return undefined;
    if (input.value.trim() !== '') return input.value;
    input.validationMessage = { message: options.empty, severity: WRONG };
    return undefined;
  };
  return settle(input, frame, accept, {
    listeners: [
      ...(options.live ? [options.live.onChange(() => void judge())] : []),
      input.onDidChangeValue(judge),
      input.onDidTriggerButton((button) => {
        options.onButton?.(button);
        judge();
      }),
    ],
  });
}
