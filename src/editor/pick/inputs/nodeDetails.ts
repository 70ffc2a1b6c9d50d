import * as vscode from 'vscode';
import { displayName } from '../../../base/displayName.ts';
import type { CatalogNode } from '../../../consul/catalog/catalogNode.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';

/** What a row says about a node besides its name, part by part. */
export interface NodeDetail {
  readonly text: string;
  /** A product icon for what needs attention. */
  readonly icon?: 'warning' | 'circle-slash';
}

/** The address, the tags of the selected services, and what to be careful about. */
export function nodeDetails(node: CatalogNode, { service }: TargetSelection): NodeDetail[] {
  const tags = node.services
    .filter(({ name }) => service.kind === 'exactly' && service.names.includes(name))
    .flatMap(({ tags }) => tags);
  const facts: NodeDetail[] = [
    { text: displayName(node.address) },
    { text: displayName(tags.join(', ')) },
    { text: node.isServer ? vscode.l10n.t('Consul server') : '' },
    ...gossipDetails(node),
  ];
  if (node.failing.length > 0) {
    facts.push({ text: failingChecksLabel(displayName(node.failing.join(', '))), icon: 'warning' });
  }
  return facts.filter(({ text }) => text !== '');
}

function gossipDetails({ gossip }: CatalogNode): NodeDetail[] {
  switch (gossip) {
    case 'alive':
      return [];
    case 'failed':
      return [{ text: vscode.l10n.t("gossip can't reach its agent"), icon: 'warning' }];
    case 'absent':
      return [{ text: vscode.l10n.t('no agent, so nothing can run there'), icon: 'circle-slash' }];
  }
}

function failingChecksLabel(checks: string): string {
  return vscode.l10n.t({
    message: 'failing: {0}',
    args: [checks],
    comment: ['{0} lists the health checks that fail on a node'],
  });
}
