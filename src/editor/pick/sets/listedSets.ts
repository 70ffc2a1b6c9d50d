import { parseSets } from '../../../exec/targeting/sets/parseSets.ts';
import type { SavedSet } from '../../../exec/targeting/sets/savedSet.ts';
import { writtenSets } from '../../base/settings.ts';

/** A saved set, and whose it is. */
export interface ListedSet {
  readonly set: SavedSet;
  /** Whether it is in the settings of the workspace, which the user may not have written. */
  readonly isOfWorkspace: boolean;
}

export interface ListedSets {
  readonly sets: readonly ListedSet[];
  /** One sentence for each set that can't be used. */
  readonly mistakes: readonly string[];
}

/** The user's sets, then those of the workspace, each by name. */
export function listSets(): ListedSets {
  const written = writtenSets();
  const user = parseSets(written.user);
  const workspace = parseSets(written.workspace);
  const listed = (sets: readonly SavedSet[], isOfWorkspace: boolean): ListedSet[] =>
    sets.toSorted((a, b) => a.name.localeCompare(b.name)).map((set) => ({ set, isOfWorkspace }));
  return {
    sets: [...listed(user.sets, false), ...listed(workspace.sets, true)],
    mistakes: [...user.mistakes, ...workspace.mistakes],
  };
}
