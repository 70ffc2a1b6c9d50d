import * as vscode from 'vscode';
import type { DirectiveKey } from '../../exec/directive/directive.ts';

/** What a key of a directive is for, in a few words. */
export function keyDescription(key: DirectiveKey): string {
  switch (key) {
    case 'service':
      return vscode.l10n.t('services, or an expression between slashes');
    case 'tag':
      return vscode.l10n.t('tags of the service, or an expression between slashes');
    case 'nodes':
      return vscode.l10n.t('node names, ranges and exclusions: web[01-20],!web07');
    case 'where':
      return vscode.l10n.t('a filter expression of Consul, in quotes');
    case 'set':
      return vscode.l10n.t('a saved set, by its name');
    case 'datacenter':
      return vscode.l10n.t('other datacenters of the connection');
    case 'connection':
      return vscode.l10n.t('the connection that the script is for');
    case 'limit':
      return vscode.l10n.t('a time limit on each node');
    case 'cap':
      return vscode.l10n.t('the most output of each node');
    case 'steps':
      return vscode.l10n.t('total nodes after each step');
  }
}
