import { escapeRegExp } from '../../../base/escapeRegExp.ts';

/** What the filter of a quick pick is matched against. */
export interface FilteredRow {
  readonly label: string;
  readonly description?: string | undefined;
}

/** An icon in a label, or the escaped text of one. */
const ICON = /\\?\$\([\w~-]+\)/g;

/**
 * A test whether VS Code's quick pick shows a row for this text in its filter: by any part of its label
 * or description, ignoring case, where `*` is any text. VS Code also finds names by their initials
 * (`ws` in `WebServer`). Such rows count as hidden here, so that the user is rather asked than not.
 */
export function filterMatch(filter: string): (row: FilteredRow) => boolean {
  const text = filter.trim();
  if (text === '') return () => true;
  const parts = text.split('*').map(escapeRegExp);
  const expression = new RegExp(parts.join('.*'), 'i');
  return ({ label, description = '' }) =>
    [label, description].some((part) => expression.test(part.replace(ICON, '')));
}
