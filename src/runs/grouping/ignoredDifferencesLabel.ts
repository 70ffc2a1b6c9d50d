import { t } from '@vscode/l10n';
import { type IgnoredDifferences, listIgnored } from './ignoredDifferences.ts';

/** The name of a difference. */
export function ignoredDifferenceLabel(difference: keyof IgnoredDifferences): string {
  switch (difference) {
    case 'trailingSpace':
      return t('trailing space');
    case 'timestamps':
      return t('dates and times');
    case 'ownName':
      return t("the node's own name");
  }
}

/** `trailing space, dates and times`; empty when nothing is ignored. */
export function describeIgnored(ignored: IgnoredDifferences): string {
  return listIgnored(ignored).map(ignoredDifferenceLabel).join(', ');
}

/** `Grouped ignoring dates and times`; empty when nothing is ignored. */
export function groupedIgnoringLabel(ignored: IgnoredDifferences): string {
  const names = describeIgnored(ignored);
  return names === '' ? '' : t('Grouped ignoring {0}', names);
}

/** The same for texts that show the output of each group's first node. */
export function groupNote(ignored: IgnoredDifferences): string {
  const names = describeIgnored(ignored);
  return names === ''
    ? ''
    : t("Grouped ignoring {0}. Each group shows its first node's output.", names);
}
