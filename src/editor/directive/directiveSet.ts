import * as vscode from 'vscode';
import { type Directive, valueOf } from '../../exec/directive/directive.ts';
import { type ListedSet, listSets } from '../pick/sets/listedSets.ts';

/** The saved set that a directive names: the user's, else that of the workspace; undefined for none. */
export function setOf(directive: Directive): ListedSet | undefined {
  const name = valueOf(directive, 'set');
  return name === undefined ? undefined : listSets().sets.find(({ set }) => set.name === name);
}

/** Why the saved set that a directive names can't be used; undefined if it can, or it names none. */
export function setProblem(directive: Directive): string | undefined {
  const name = valueOf(directive, 'set');
  if (name === undefined || setOf(directive)) return undefined;
  return vscode.l10n.t('There is no saved set "{0}". Save one, or name another.', name);
}
