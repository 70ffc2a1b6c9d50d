import type { ReviewedSite } from '../pick/reviewStep.ts';

/** Who runs first, and the labels of those that follow step by step. */
export interface SplitSteps {
  readonly first: readonly ReviewedSite[];
  readonly later: readonly (readonly string[])[];
}

/**
 * Deals what was reviewed out to steps, in the order it was shown in.
 * @param sizes of the steps, at least one; together they are all targets
 * @param labelOf what a node is called in the run
 */
export function splitSteps(
  sites: readonly ReviewedSite[],
  sizes: readonly number[],
  labelOf: (site: ReviewedSite['site'], name: string) => string,
): SplitSteps {
  const all = sites.flatMap(({ site, targets }) => targets.map((name) => ({ site, name })));
  const [size = all.length, ...rest] = sizes;
  const now = all.slice(0, size);
  const first = sites
    .map(({ site }) => ({
      site,
      targets: now.filter((one) => one.site === site).map(({ name }) => name),
    }))
    .filter(({ targets }) => targets.length > 0);
  let from = size;
  const later = rest.map((step) => {
    const nodes = all.slice(from, from + step);
    from += step;
    return nodes.map(({ site, name }) => labelOf(site, name));
  });
  return { first, later };
}
