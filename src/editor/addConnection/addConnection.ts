import * as vscode from 'vscode';
import { parseAddress } from '../../consul/endpoint/address.ts';
import { readProfiles, writtenNames } from '../../consul/connection/profile.ts';
import type { SecretSource } from '../../consul/connection/resolve.ts';
import { SETTINGS } from '../base/contributions.ts';
import { showInfo } from '../base/notify.ts';
import { BACK } from '../base/quickInput.ts';
import { logError } from '../base/reportError.ts';
import { runMistakes, writtenConnections } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import { checkConnection } from '../connections/checkConnection.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { editConnections } from '../connections/editConnections.ts';
import type { EditorSecrets } from '../connections/editorSecrets.ts';
import { askDraft, type Draft, profileOf, stepFrame } from './connectionForm.ts';
import { type SaveChoice, testBeforeSaving, type TestResult } from './testBeforeSaving.ts';

export interface AddServices {
  readonly connections: ConnectionService;
  readonly secrets: EditorSecrets;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Asks for what every connection needs, tests it, and writes it to the user's settings. TLS and everything
 * else are fields there, with completion. Nothing is saved before the end of the form: neither the
 * connection nor its token.
 */
export async function addConnection(services: AddServices): Promise<void> {
  const written = writtenConnections() ?? [];
  if (!Array.isArray(written)) {
    throw new UserError(
      vscode.l10n.t(
        '"{0}" must be an array. Fix it in settings.json, then add the connection.',
        `${SETTINGS}.connections`,
      ),
    );
  }
  const taken = writtenNames(written);
  let draft = await askDraft(services.secrets, taken);
  while (draft) {
    const current = draft;
    const answer = await testBeforeSaving(stepFrame('test'), current.address, () =>
      testDraft(services, current),
    );
    if (answer === undefined) return;
    if (answer !== BACK) return save(services, written, current, answer);
    draft = await askDraft(services.secrets, taken, current);
  }
}

/** The name of the connection isn't in the settings yet, so the result must not depend on them. */
async function testDraft({ connections, log }: AddServices, draft: Draft): Promise<TestResult> {
  try {
    const { profiles, mistakes } = readProfiles([profileOf(draft)], runMistakes);
    const [profile] = profiles;
    if (!profile) throw new UserError(mistakes.map(({ sentence }) => sentence).join(' '));
    const connection = await connections.tryProfile(profile, enteredSecrets(draft));
    try {
      const { lacksPermissions, message } = await checkConnection(connection);
      return { isUsable: !lacksPermissions, message };
    } finally {
      void connection.consul.close();
    }
  } catch (error) {
    return { isUsable: false, message: logError(error, log) };
  }
}

/** The token that was entered in the form. The form has no field for a password. */
function enteredSecrets({ token }: Draft): SecretSource {
  return {
    storedToken: () => Promise.resolve(token),
    askToken: () => Promise.resolve(token),
    password: () => Promise.resolve(undefined),
  };
}

async function save(
  { connections, secrets }: AddServices,
  written: readonly unknown[],
  draft: Draft,
  choice: SaveChoice,
): Promise<void> {
  const { name, address, tokenSource, token } = draft;
  if (tokenSource === 'secret' && token) {
    await secrets.storeToken(name, parseAddress(address).label, token);
  }
  const settings = vscode.workspace.getConfiguration(SETTINGS);
  const updated = [...written, profileOf(draft)];
  await settings.update('connections', updated, vscode.ConfigurationTarget.Global);
  if (choice === 'use') return connections.use(name);
  if (choice === 'edit') return editConnections();
  const use = vscode.l10n.t('Use Connection');
  const edit = vscode.l10n.t('Edit in settings.json');
  const added = vscode.l10n.t('Added the connection "{0}" to your settings.', name);
  const chosen = await showInfo(added, use, edit);
  if (chosen === use) await connections.use(name);
  if (chosen === edit) await editConnections();
}
