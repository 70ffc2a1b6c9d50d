import { t } from '@vscode/l10n';
import { compileExpression } from '../../../base/compileExpression.ts';
import type { Parameter } from './parameter.ts';

type Rules = Pick<Parameter, 'initial' | 'pattern' | 'choices'>;

/** @returns a sentence that says why a parameter can't have this value; undefined if it can */
export function checkValue(parameter: Rules, value: string): string | undefined {
  return valueCheck(parameter)(value);
}

/** The same for several values. The time that a pattern takes is linear, whatever the value is. */
export function valueCheck(rules: Rules): (value: string) => string | undefined {
  const { pattern, choices, initial } = rules;
  const expression = pattern === undefined ? undefined : compileExpression(pattern, Error);
  return (value) => {
    if (value.includes('\0'))
      return t("A value can't have a NUL character: no shell can hold one.");
    if (!value.isWellFormed()) {
      return t("A value can't have half a character (a lone surrogate): UTF-8 can't hold one.");
    }
    if (choices) {
      return choices.includes(value) ? undefined : t('Select one of its choices.');
    }
    if (expression) {
      return expression.test(value) ? undefined : t('The value must match /{0}/.', pattern ?? '');
    }
    // `rm -rf "/srv/$name"` without a name is a disaster, so a blank value must be meant.
    if (value.trim() === '' && initial?.trim() !== '') return t('Enter a value.');
    return undefined;
  };
}
