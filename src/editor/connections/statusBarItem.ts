import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { commands } from '../base/contributions.ts';
import { plainLabel } from '../base/plainLabel.ts';
import type { ConnectionFailure } from './connectionFailure.ts';
import type { ActiveConnection, ConnectionService } from './connectionService.ts';

/** Shows where a run would go, and warns about production. A click switches the connection. */
export function createStatusBarItem(connections: ConnectionService): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'consulExec.connection',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Consul Exec';
  item.command = commands.switchConnection;
  const update = () => {
    const { active, failure } = connections;
    const { profile } = active;
    const kind = kindOf(active, failure);
    item.text = itemText(active, failure);
    const background = BACKGROUNDS[kind];
    item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    item.color =
      profile?.color && kind === 'plain'
        ? new vscode.ThemeColor(`charts.${profile.color}`)
        : undefined;
    const sentences = [
      kind === 'unusable' ? '' : describeDestination(active),
      ...active.notes,
      failure?.message ?? '',
      vscode.l10n.t('Select to switch.'),
    ].filter(Boolean);
    item.tooltip = sentences.map(displayName).join('\n');
    item.accessibilityInformation = { label: sentences.map(displayName).join(' ') };
  };
  update();
  item.show();
  return vscode.Disposable.from(item, connections.onDidChange(update));
}

type Kind = 'plain' | 'warning' | 'unusable';

const BACKGROUNDS: Readonly<Record<Kind, string | undefined>> = {
  plain: undefined,
  warning: 'statusBarItem.warningBackground',
  unusable: 'statusBarItem.errorBackground',
};

/** Production and trouble have the same color, so their icons and words set them apart. */
function kindOf({ profile, errors }: ActiveConnection, failure?: ConnectionFailure): Kind {
  if (errors.length > 0) return 'unusable';
  return profile?.production === true || failure ? 'warning' : 'plain';
}

function itemText(active: ActiveConnection, failure?: ConnectionFailure): string {
  const name = plainLabel(active.name);
  if (kindOf(active) === 'unusable') {
    return `$(error) ${vscode.l10n.t("{0}: can't be used", name)}`;
  }
  const icon = active.profile?.production === true ? '$(shield)' : '$(server)';
  const words = active.datacenter ? `${name} · ${plainLabel(active.datacenter)}` : name;
  return failure ? `${icon} ${words} $(warning) ${troubleLabel(failure)}` : `${icon} ${words}`;
}

/** Why the connection doesn't work, in a word or two. */
function troubleLabel({ cause }: ConnectionFailure): string {
  switch (cause) {
    case 'settings':
      return vscode.l10n.t("can't be used");
    case 'unreachable':
      return vscode.l10n.t('unreachable');
    case 'notConsul':
      return vscode.l10n.t('not a Consul agent');
    case 'token':
      return vscode.l10n.t('token refused');
    case 'password':
      return vscode.l10n.t('password refused');
    case 'tls':
      return vscode.l10n.t('TLS error');
    case 'proxy':
      return vscode.l10n.t('proxy error');
    case 'refused':
      return vscode.l10n.t('request refused');
  }
}

function describeDestination({ name, profile, datacenter }: ActiveConnection): string {
  const production = profile?.production === true;
  if (!datacenter) {
    return production
      ? vscode.l10n.t('Consul Exec runs go to {0} (production).', name)
      : vscode.l10n.t('Consul Exec runs go to {0}.', name);
  }
  return production
    ? vscode.l10n.t('Consul Exec runs go to {0}, datacenter {1} (production).', name, datacenter)
    : vscode.l10n.t('Consul Exec runs go to {0}, datacenter {1}.', name, datacenter);
}
