import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { commands } from '../contributions.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ActiveConnection, ConnectionService } from './connectionService.ts';

/** Tells at every moment where a run would go; production stands out. A click switches. */
export function createStatusBarItem(connections: ConnectionService): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'consulExec.connection',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Consul Exec';
  item.command = commands.switchConnection;
  const draw = () => {
    const { active, failure } = connections;
    const { profile } = active;
    const kind = kindOf(active);
    item.text = textOf(active);
    const background = BACKGROUNDS[kind];
    item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    item.color =
      profile?.color && kind === 'plain'
        ? new vscode.ThemeColor(`charts.${profile.color}`)
        : undefined;
    const sentences = [
      kind === 'unusable' ? '' : whereRunsGo(active),
      ...active.notes,
      failure?.sentence ?? '',
      vscode.l10n.t('Click to switch.'),
    ].filter(Boolean);
    item.tooltip = sentences.map(displayName).join('\n');
    item.accessibilityInformation = { label: sentences.map(displayName).join(' ') };
  };
  draw();
  item.show();
  return vscode.Disposable.from(item, connections.onDidChange(draw));
}

type Kind = 'plain' | 'production' | 'unusable';

const BACKGROUNDS: Readonly<Record<Kind, string | undefined>> = {
  plain: undefined,
  production: 'statusBarItem.warningBackground',
  unusable: 'statusBarItem.errorBackground',
};

function kindOf({ profile, mistakes }: ActiveConnection): Kind {
  if (mistakes.length > 0) return 'unusable';
  return profile?.production === true ? 'production' : 'plain';
}

function textOf(active: ActiveConnection): string {
  const name = plainLabel(active.name);
  const words = active.datacenter ? `${name} · ${plainLabel(active.datacenter)}` : name;
  switch (kindOf(active)) {
    case 'unusable':
      return `$(error) ${vscode.l10n.t('{0}: cannot be used', name)}`;
    case 'production':
      return `$(shield) ${words}`;
    case 'plain':
      return `$(server) ${words}`;
  }
}

function whereRunsGo({ name, profile, datacenter }: ActiveConnection): string {
  const production = profile?.production === true;
  if (!datacenter) {
    return production
      ? vscode.l10n.t('Consul Exec runs go to {0}, which is production.', name)
      : vscode.l10n.t('Consul Exec runs go to {0}.', name);
  }
  return production
    ? vscode.l10n.t(
        'Consul Exec runs go to {0}, datacenter {1}, which is production.',
        name,
        datacenter,
      )
    : vscode.l10n.t('Consul Exec runs go to {0}, datacenter {1}.', name, datacenter);
}
