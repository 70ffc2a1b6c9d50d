import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { BACK, showUntilAnswered } from '../base/quickInput.ts';
import { plainLabel } from '../base/plainLabel.ts';
import type { ConnectionService } from './connectionService.ts';

type Separator = vscode.QuickPickItem & { readonly kind: vscode.QuickPickItemKind.Separator };

interface Row extends vscode.QuickPickItem {
  readonly isActive?: boolean;
  readonly act: () => unknown;
}

/** Lets the user select the connection for later runs. The active one is marked. */
export async function switchConnection(connections: ConnectionService): Promise<void> {
  const { profiles, mistakes } = connections.profiles;
  const { selected: activeName } = connections.active;
  // The active connection's mistake comes first; the log has them all.
  const mistake = (mistakes.find(({ connection }) => connection === activeName) ?? mistakes[0])
    ?.sentence;
  const mark = (isActive: boolean) =>
    isActive
      ? vscode.l10n.t({ message: 'active', args: [], comment: ['The active connection in a list'] })
      : '';
  const rows: (Row | Separator)[] = [
    ...profiles.map((profile) => ({
      label: plainLabel(profile.name),
      iconPath: new vscode.ThemeIcon(profile.production ? 'shield' : 'server'),
      description: [
        mark(profile.name === activeName),
        profile.production ? vscode.l10n.t('production') : '',
        plainLabel(profile.address),
        profile.datacenter ?? '',
      ]
        .filter(Boolean)
        .join(' · '),
      isActive: profile.name === activeName,
      act: () => connections.use(profile.name),
    })),
    {
      label: vscode.l10n.t('Environment'),
      iconPath: new vscode.ThemeIcon('terminal'),
      description: [mark(activeName === undefined), connections.environmentLabel]
        .filter(Boolean)
        .join(' · '),
      isActive: activeName === undefined,
      act: () => connections.use(undefined),
    },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('Add Connection…'),
      iconPath: new vscode.ThemeIcon('add'),
      act: () => vscode.commands.executeCommand(commands.addConnection),
    },
    {
      label: vscode.l10n.t('Edit Connections in settings.json…'),
      iconPath: new vscode.ThemeIcon('edit'),
      // On a separate line, so that a whole sentence is visible.
      ...(mistake === undefined ? {} : { detail: `$(warning) ${plainLabel(mistake)}` }),
      act: () => vscode.commands.executeCommand(commands.editConnections),
    },
  ];
  const chosen = await pickRow(rows);
  await chosen?.act();
}

/** The active connection is highlighted, so that Enter changes nothing by accident. */
async function pickRow(rows: readonly (Row | Separator)[]): Promise<Row | undefined> {
  const frame = { title: vscode.l10n.t('Consul Connection'), canGoBack: false };
  const pick = vscode.window.createQuickPick<Row | Separator>();
  pick.placeholder = vscode.l10n.t('Select a connection');
  pick.matchOnDescription = true;
  pick.items = rows;
  pick.activeItems = rows.filter((row) => 'isActive' in row && row.isActive);
  const answer = await showUntilAnswered(pick, frame, () => {
    const [row] = pick.selectedItems;
    return row && 'act' in row ? row : undefined;
  });
  return answer === BACK ? undefined : answer;
}
