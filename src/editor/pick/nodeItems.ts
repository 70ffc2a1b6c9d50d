import * as vscode from 'vscode';
import { type Choice } from '../../exec/choice.ts';
import type { SiteNode, SiteTargets } from './sites.ts';
import { plainLabel } from '../plainLabel.ts';
import { separator } from '../input/quickInput.ts';

/** A row for one node, to be ticked. */
export interface NodeItem extends vscode.QuickPickItem {
  readonly target: SiteNode;
}

/** Rows for all nodes of a choice; those that cannot answer stand apart, with the reason. */
export function nodeItems(
  { reached, unreachable }: SiteTargets,
  choice: Choice,
): (NodeItem | vscode.QuickPickItem)[] {
  const row = (target: SiteNode): NodeItem => ({
    label: plainLabel(target.label),
    description: [plainLabel(target.node.address), ...remarks(target, choice)]
      .filter(Boolean)
      .join(' · '),
    target,
  });
  return [
    ...reached.map(row),
    ...(unreachable.length > 0
      ? [separator(vscode.l10n.t('cannot answer now')), ...unreachable.map(row)]
      : []),
  ];
}

function remarks({ node }: SiteNode, { service }: Choice): string[] {
  const tags = node.services
    .filter(({ name }) => service.kind === 'exactly' && service.names.includes(name))
    .flatMap(({ tags }) => tags);
  return [
    plainLabel(tags.join(', ')),
    node.isServer ? vscode.l10n.t('Consul server') : '',
    ...(node.gossip === 'failed'
      ? [vscode.l10n.t('$(warning) its agent does not answer gossip')]
      : []),
    ...(node.gossip === 'absent'
      ? [vscode.l10n.t('$(circle-slash) no agent, so nothing can run there')]
      : []),
    ...(node.failing.length > 0
      ? [vscode.l10n.t('$(warning) failing: {0}', plainLabel(node.failing.join(', ')))]
      : []),
  ].filter(Boolean);
}
