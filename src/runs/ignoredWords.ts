import { t } from '@vscode/l10n';
import { type Ignored, ignoredOf } from './ignored.ts';

/** A difference by its name. */
export function ignoredLabel(difference: keyof Ignored): string {
  switch (difference) {
    case 'trailingSpace':
      return t('trailing space');
    case 'timestamps':
      return t('dates and times');
    case 'ownName':
      return t('the node’s own name');
  }
}

/** `trailing space, dates and times`; empty when nothing is ignored. */
export function ignoredNames(ignored: Ignored): string {
  return ignoredOf(ignored).map(ignoredLabel).join(', ');
}

/** `Grouped ignoring dates and times`; empty when nothing is ignored. */
export function groupedIgnoring(ignored: Ignored): string {
  const names = ignoredNames(ignored);
  return names === '' ? '' : t('Grouped ignoring {0}', names);
}

/** The same for texts in which a group's first node speaks for all of it. */
export function speaksIgnoring(ignored: Ignored): string {
  const names = ignoredNames(ignored);
  return names === ''
    ? ''
    : t(
        'Grouped ignoring {0}: what stands here of a group is the output of its first node.',
        names,
      );
}
