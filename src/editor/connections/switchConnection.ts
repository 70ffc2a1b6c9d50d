import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { plainLabel } from '../plainLabel.ts';
import type { ConnectionService } from './connectionService.ts';

interface Row extends vscode.QuickPickItem {
  readonly act: () => unknown;
}

/** Lets the user choose the connection for the runs to come; the one in use is marked. */
export async function switchConnection(connections: ConnectionService): Promise<void> {
  const { profiles, mistakes } = connections.profiles;
  const { chosen: inUse } = connections.active;
  // Of the connection in use before any other's; the log has them all.
  const mistake = (mistakes.find(({ connection }) => connection === inUse) ?? mistakes[0])
    ?.sentence;
  const mark = (isActive: boolean) => (isActive ? vscode.l10n.t('in use') : '');
  const rows: (Row | vscode.QuickPickItem)[] = [
    ...profiles.map((profile) => ({
      label: plainLabel(profile.name),
      iconPath: new vscode.ThemeIcon(profile.production ? 'shield' : 'server'),
      description: [
        mark(profile.name === inUse),
        profile.production ? vscode.l10n.t('production') : '',
        plainLabel(profile.address),
        profile.datacenter ?? '',
      ]
        .filter(Boolean)
        .join(' · '),
      act: () => connections.use(profile.name),
    })),
    {
      label: vscode.l10n.t('The environment’s'),
      iconPath: new vscode.ThemeIcon('terminal'),
      description: [mark(inUse === undefined), connections.environmentName]
        .filter(Boolean)
        .join(' · '),
      act: () => connections.use(undefined),
    },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('Add a connection…'),
      iconPath: new vscode.ThemeIcon('add'),
      act: () => vscode.commands.executeCommand(commands.addConnection),
    },
    {
      label: vscode.l10n.t('Edit connections in the settings…'),
      iconPath: new vscode.ThemeIcon('edit'),
      // In a line of its own, where a whole sentence has room.
      ...(mistake === undefined ? {} : { detail: `$(warning) ${plainLabel(mistake)}` }),
      act: () => vscode.commands.executeCommand(commands.editConnections),
    },
  ];
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Consul Connection'),
    placeHolder: vscode.l10n.t('Where are runs to go?'),
    matchOnDescription: true,
  });
  if (chosen && 'act' in chosen) await chosen.act();
}
