import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { valueCheck } from '../../exec/script/parameters/checkValue.ts';
import type { Parameter } from '../../exec/script/parameters/parameter.ts';
import { visibleValue } from '../../exec/script/parameters/valueLabel.ts';
import { plainLabel, withoutLinks } from '../base/plainLabel.ts';
import { type Answer, pickOne, showUntilAnswered, type StepFrame } from '../base/quickInput.ts';

const MAX_TITLE_LENGTH = 60;
const MAX_TEXT_LENGTH = 300;

/** Where a question is among those for all parameters of a script. */
interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

interface Draft {
  /** What the input has at first. */
  readonly shown: string | undefined;
  readonly onTyped: (text: string) => void;
}

/** Asks for the value of one parameter. */
export function askForValue(
  parameter: Parameter,
  { title, step, totalSteps }: Place,
  draft: Draft,
): Promise<Answer<string>> {
  const frame = {
    title: vscode.l10n.t({
      message: 'Run {0}: {1}',
      args: [displayName(shorten(title, MAX_TITLE_LENGTH)), parameter.name],
      comment: ['Title of an input. {0} is the name of a script, {1} that of its parameter'],
    }),
    step,
    totalSteps,
    canGoBack: step > 1,
  };
  const { choices } = parameter;
  return choices ? pickValue(frame, parameter, choices, draft) : typeValue(frame, parameter, draft);
}

function pickValue(
  frame: StepFrame,
  parameter: Parameter,
  choices: readonly string[],
  { shown }: Draft,
): Promise<Answer<string>> {
  const rows = choices.map((value) => ({
    label: plainLabel(visibleValue(value)),
    description: value === parameter.initial ? vscode.l10n.t('default') : '',
    value,
  }));
  return pickOne<string>(frame, promptFor(parameter), () => rows, {
    current: (value) => value === shown,
  });
}

function typeValue(
  frame: StepFrame,
  parameter: Parameter,
  { shown = '', onTyped }: Draft,
): Promise<Answer<string>> {
  const { pattern } = parameter;
  const check = valueCheck(parameter);
  const input = vscode.window.createInputBox();
  input.prompt = withoutLinks(promptFor(parameter));
  if (pattern !== undefined) input.placeholder = shorten(`/${pattern}/`, MAX_TEXT_LENGTH);
  // An input has one line: it would show another value than it has.
  input.value = /[\r\n]/.test(shown) ? '' : shown;
  const validate = () => {
    const mistake = check(input.value);
    input.validationMessage =
      mistake === undefined
        ? undefined
        : {
            message: withoutLinks(displayName(shorten(mistake, MAX_TEXT_LENGTH))),
            severity: vscode.InputBoxValidationSeverity.Error,
          };
    return mistake === undefined;
  };
  const validateTyped = () => {
    onTyped(input.value);
    // An empty input says nothing wrong yet.
    if (input.value === '') input.validationMessage = undefined;
    else validate();
  };
  validateTyped();
  return showUntilAnswered(input, frame, () => (validate() ? input.value : undefined), {
    listeners: [input.onDidChangeValue(validateTyped)],
  });
}

function promptFor({ name, description }: Parameter): string {
  if (description === '') return vscode.l10n.t('Value of {0}', name);
  return displayName(shorten(description, MAX_TEXT_LENGTH));
}
