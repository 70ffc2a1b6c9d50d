import * as vscode from 'vscode';
import { describePermission } from '../../consul/errors.ts';
import type { Choice } from '../../exec/choice.ts';
import { canAnswer } from '../../exec/targets.ts';
import { plainLabel } from '../plainLabel.ts';
import type { PickSession } from './pickSession.ts';
import type { Site, SiteNode, Sites } from './sites.ts';

/** What is to be known of the list itself: how old it is, and what may be missing in it. */
export function siteRemarks({ sites }: Pick<PickSession, 'sites'>): string[] {
  return sites.all.flatMap((site) => [...ageRemark(site), ...sightRemark(site)]);
}

function ageRemark({ datacenter, staleSince }: Site): string[] {
  if (staleSince === undefined) return [];
  const time = new Date(staleSince).toLocaleTimeString();
  return [
    vscode.l10n.t(
      'The list of {0} is from {1}: Consul cannot be read at the moment',
      datacenter,
      time,
    ),
  ];
}

function sightRemark({ datacenter, rights }: Site): string[] {
  if (rights.missing === undefined || rights.missing.length === 0) return [];
  const lacking = rights.missing.map(describePermission).join(', ');
  return [
    vscode.l10n.t('Your token may not see all nodes of {0}: it lacks {1}', datacenter, lacking),
  ];
}

const SHOWN_NAMES = 5;

/**
 * Who is meant and is not in the list: gone from the catalog, such as when a run is made again or
 * while the review is open, or there still, but without what was chosen by.
 * @param wanted labels of nodes that are to be ticked
 */
export function departedRemarks(
  sites: Sites,
  choice: Choice,
  wanted: ReadonlySet<string>,
): string[] {
  const { reached, unreachable } = sites.targets(choice);
  const listed = new Set([...reached, ...unreachable].map(({ label }) => label));
  // Names chosen from a list may have been gone before anything could be ticked.
  const chosen = choice.node.kind === 'exactly' && !sites.several ? choice.node.names : [];
  const meant = wanted.union(new Set(chosen));
  const away = [...meant].filter((label) => !listed.has(label));
  if (away.length === 0) return [];
  const present = new Set(
    sites.all.flatMap((site) => site.nodes.map(({ name }) => sites.label(site, name))),
  );
  const { gone = [], unfit = [] } = Object.groupBy(away, (label) =>
    present.has(label) ? 'unfit' : 'gone',
  );
  return [...goneRemark(gone, meant.size), ...unfitRemark(unfit, meant.size)];
}

function goneRemark(gone: readonly string[], total: number): string[] {
  if (gone.length === 0) return [];
  return [
    total === 1
      ? vscode.l10n.t('{0} is not in the catalog any more', someOf(gone))
      : vscode.l10n.t(
          'Not in the catalog any more: {0} ({1} of {2})',
          someOf(gone),
          gone.length,
          total,
        ),
  ];
}

function unfitRemark(unfit: readonly string[], total: number): string[] {
  if (unfit.length === 0) return [];
  return [
    vscode.l10n.t(
      'No longer among what was chosen: {0} ({1} of {2})',
      someOf(unfit),
      unfit.length,
      total,
    ),
  ];
}

/** Who is ticked though nothing can come of it, as far as gossip knows. */
export function awayRemark(ticked: readonly SiteNode[]): string[] {
  const away = ticked.filter(({ node }) => !canAnswer(node)).map(({ label }) => label);
  if (away.length === 0) return [];
  return [
    vscode.l10n.t(
      'Ticked, but cannot answer now: {0} ({1} of {2})',
      someOf(away),
      away.length,
      ticked.length,
    ),
  ];
}

function someOf(labels: readonly string[]): string {
  const names = labels.slice(0, SHOWN_NAMES).map(plainLabel).join(', ');
  return labels.length > SHOWN_NAMES
    ? vscode.l10n.t('{0} and {1} more', names, labels.length - SHOWN_NAMES)
    : names;
}
