import { t } from '@vscode/l10n';
import { displayName } from '../../base/displayName.ts';

/** The nodes that a sentence is about: `web-22`, or `3 nodes`. */
export function nodesLabel(names: readonly string[]): string {
  const [only] = names;
  return names.length === 1 && only !== undefined
    ? displayName(only)
    : t('{0} nodes', names.length);
}
