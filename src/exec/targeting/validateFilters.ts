import { t } from '@vscode/l10n';
import { type EventFilters, filterBudget, filterSize } from '../protocol/eventBudget.ts';
import { compileRe2 } from './re2.ts';

/** Filters that no event can carry. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/**
 * @throws FilterSyntaxError for an expression that is not RE2; FilterError for a tag without a
 * service, which Consul refuses, and for an event that is too large
 */
export function requireValidFilters(filters: EventFilters, payloadBytes: number): void {
  for (const expression of [filters.node, filters.service, filters.tag]) {
    if (expression) compileRe2(expression);
  }
  if (filters.tag && !filters.service) {
    throw new FilterError(t('A tag filter needs a service filter. Select a service first.'));
  }
  const budget = filterBudget(payloadBytes);
  const size = filterSize(filters);
  if (size > budget) {
    throw new FilterError(
      t(
        'The filters are too long: {0} bytes, but a Consul event has room for {1}. Shorten the expressions.',
        size,
        budget,
      ),
    );
  }
}
