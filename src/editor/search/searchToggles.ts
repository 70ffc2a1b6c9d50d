import * as vscode from 'vscode';
import type { SearchQuery } from '../../runs/finder.ts';

type Option = 'matchCase' | 'wholeWord' | 'regex';

/** A button in the input that is on or off, as in the editor's own search. */
export interface SearchToggle extends vscode.QuickInputButton {
  readonly option: Option;
  readonly toggle: { checked: boolean };
}

export function searchToggles(query: SearchQuery): readonly SearchToggle[] {
  const toggle = (option: Option, icon: string, tooltip: string): SearchToggle => ({
    option,
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    location: vscode.QuickInputButtonLocation.Input,
    toggle: { checked: query[option] === true },
  });
  return [
    toggle('matchCase', 'case-sensitive', vscode.l10n.t('Match Case')),
    toggle('wholeWord', 'whole-word', vscode.l10n.t('Match Whole Word')),
    toggle('regex', 'regex', vscode.l10n.t('Use Regular Expression')),
  ];
}

/** What the text and the buttons say together. */
export function queryOf(text: string, toggles: readonly SearchToggle[]): SearchQuery {
  const options = toggles.map(({ option, toggle }) => [option, toggle.checked] as const);
  return { text, ...Object.fromEntries(options) };
}
