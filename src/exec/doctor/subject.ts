import { t } from '@vscode/l10n';
import { displayName } from '../displayName.ts';

/** Whom a sentence is about: `web-22`, or `3 silent nodes`. */
export function subject(names: readonly string[]): string {
  const [only] = names;
  return names.length === 1 && only !== undefined
    ? displayName(only)
    : t('{0} silent nodes', names.length);
}
