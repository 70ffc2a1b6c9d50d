import * as vscode from 'vscode';
import type { ToolName } from '../../assistants/toolInputs.ts';
import { userSetting } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { OpenConnection } from '../connections/connectionService.ts';

/** What assistants can do, as the user set it; a workspace can't. Anything else than these is off. */
type AssistantMode = 'off' | 'read' | 'propose';

function assistantMode(): AssistantMode {
  const mode = userSetting('assistants');
  return mode === 'read' || mode === 'propose' ? mode : 'off';
}

/** Whether assistants see the tools at all. */
export function areToolsOffered(): boolean {
  return vscode.workspace.isTrusted && assistantMode() !== 'off';
}

export function isOffered(name: ToolName): boolean {
  return areToolsOffered() && (name !== 'propose_run' || assistantMode() === 'propose');
}

/**
 * Checked for each call: a tool can be called that isn't offered.
 * @throws UserError
 */
export function requireOffered(name: ToolName): void {
  if (isOffered(name)) return;
  if (!vscode.workspace.isTrusted) {
    throw new UserError(vscode.l10n.t('In Restricted Mode, assistants have no access to Consul.'));
  }
  throw new UserError(
    assistantMode() === 'off'
      ? vscode.l10n.t('The user has turned off access for assistants.')
      : vscode.l10n.t('The user lets assistants read, but not propose runs.'),
  );
}

/** Whether assistants can propose a run on this connection. */
export function canPropose({ production, profile }: OpenConnection): boolean {
  return isOffered('propose_run') && (!production || profile?.assistantsCanPropose === true);
}

/** @throws UserError */
export function requireProposable(connection: OpenConnection): void {
  requireOffered('propose_run');
  if (canPropose(connection)) return;
  throw new UserError(
    vscode.l10n.t(
      'The connection "{0}" is marked as production, so assistants can\'t propose runs on it.',
      connection.name,
    ),
  );
}
