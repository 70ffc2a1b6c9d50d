import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ConnectionService } from './connectionService.ts';

/** Tells at every moment where a run would go; production stands out. A click switches. */
export function createStatusBarItem(connections: ConnectionService): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'consulExec.connection',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'Consul Exec';
  item.command = commands.switchConnection;
  const draw = () => {
    const { name, profile, datacenter } = connections.active;
    const words = [name, datacenter]
      .filter((word) => word !== undefined)
      .map(plainLabel)
      .join(' · ');
    const production = profile?.production === true;
    item.text = `${production ? '$(shield)' : '$(server)'} ${words}`;
    item.backgroundColor = production
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.color =
      profile?.color && !production ? new vscode.ThemeColor(`charts.${profile.color}`) : undefined;
    item.tooltip = production
      ? vscode.l10n.t('Consul Exec runs go to {0}, which is production. Click to switch.', name)
      : vscode.l10n.t('Consul Exec runs go to {0}. Click to switch.', name);
    item.accessibilityInformation = { label: item.tooltip };
  };
  draw();
  item.show();
  return vscode.Disposable.from(item, connections.onDidChange(draw));
}
