import * as vscode from 'vscode';
import { describePermission } from '../../consul/errors.ts';
import type { Choice } from '../../exec/choice.ts';
import { plainLabel } from '../plainLabel.ts';
import type { PickSession } from './pickSession.ts';
import type { Site, Sites } from './sites.ts';

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
 * Who was meant and is not in the catalog any more, such as when a run is made again.
 * @param ticked labels of nodes that are to be ticked, if they are known
 */
export function departedRemark(
  sites: Sites,
  choice: Choice,
  ticked: ReadonlySet<string> | undefined,
): string[] {
  const meant = ticked ?? (choice.node.kind === 'exactly' ? choice.node.names : undefined);
  if (!meant) return [];
  const present = new Set(
    sites.all.flatMap((site) =>
      site.nodes.map(({ name }) => (ticked ? sites.label(site, name) : name)),
    ),
  );
  const gone = [...meant].filter((name) => !present.has(name));
  if (gone.length === 0) return [];
  const names = gone.slice(0, SHOWN_NAMES).map(plainLabel).join(', ');
  const list =
    gone.length > SHOWN_NAMES
      ? vscode.l10n.t('{0} and {1} more', names, gone.length - SHOWN_NAMES)
      : names;
  const total = [...meant].length;
  return [
    total === 1
      ? vscode.l10n.t('{0} is not in the catalog any more', list)
      : vscode.l10n.t('Not in the catalog any more: {0} ({1} of {2})', list, gone.length, total),
  ];
}
