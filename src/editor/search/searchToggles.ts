import * as vscode from 'vscode';
import type { SearchQuery } from '../../runs/search/searchQuery.ts';
import { type ToggleButton, toggleButton } from '../base/newerApi.ts';

type Option = 'matchCase' | 'wholeWord' | 'regex';

interface SearchToggle extends ToggleButton {
  readonly option: Option;
}

export function searchToggles(query: SearchQuery): readonly SearchToggle[] {
  const toggle = (option: Option, icon: string, label: string): SearchToggle => ({
    ...toggleButton(icon, label, query[option] === true),
    option,
  });
  return [
    toggle('matchCase', 'case-sensitive', vscode.l10n.t('Match Case')),
    toggle('wholeWord', 'whole-word', vscode.l10n.t('Match Whole Word')),
    toggle('regex', 'regex', vscode.l10n.t('Use Regular Expression')),
  ];
}

/** The query made from the text and the toggles. */
export function queryOf(text: string, toggles: readonly SearchToggle[]): SearchQuery {
  const options = toggles.map(({ option, toggle }) => [option, toggle.checked] as const);
  return { text, ...Object.fromEntries(options) };
}
