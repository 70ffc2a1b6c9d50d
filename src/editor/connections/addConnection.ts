import * as vscode from 'vscode';
import { AddressError, DEFAULT_ADDRESS, parseAddress } from '../../consul/address.ts';
import { writtenNames } from '../../consul/connection/profile.ts';
import type { ConnectionProfile, TOKEN_SOURCES } from '../../consul/connection/profileSchema.ts';
import { SETTINGS } from '../contributions.ts';
import { writtenConnections } from '../settings.ts';
import { UserError } from '../userError.ts';
import { tell } from '../notify.ts';
import {
  askText,
  BACK,
  pickOne,
  type Answer,
  type Remark,
  type ValueItem,
} from '../input/quickInput.ts';
import type { ConnectionService } from './connectionService.ts';
import type { EditorSecrets } from './editorSecrets.ts';

const STEPS = 4;

interface Draft {
  readonly name: string;
  readonly address: string;
  readonly tokenSource: TokenSource;
  readonly production: boolean;
}

type TokenSource = (typeof TOKEN_SOURCES)[number];

/**
 * Asks for what every connection needs and writes it to the user's settings; TLS and the rest are
 * fields there, with completion. The new connection is put to use only if the user says so.
 */
export async function addConnection(
  connections: ConnectionService,
  secrets: EditorSecrets,
): Promise<void> {
  const written = writtenConnections() ?? [];
  if (!Array.isArray(written)) {
    throw new UserError(
      vscode.l10n.t(
        '“{0}” in the settings is no list, so no connection can be added to it: write it in [ ] first.',
        `${SETTINGS}.connections`,
      ),
    );
  }
  const draft = await askDraft(writtenNames(written));
  if (!draft) return;
  const { name, address, tokenSource, production } = draft;
  const tokenFile = tokenSource === 'file' ? await askTokenFile() : undefined;
  if (tokenSource === 'file' && tokenFile === undefined) return;
  if (tokenSource === 'secret') await secrets.setToken(name, parseAddress(address).label);
  const profile = {
    name,
    address,
    tokenSource,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(production ? { production } : {}),
  } satisfies Partial<ConnectionProfile>;
  const settings = vscode.workspace.getConfiguration(SETTINGS);
  const connectionsThen = [...(written as unknown[]), profile];
  await settings.update('connections', connectionsThen, vscode.ConfigurationTarget.Global);
  const use = vscode.l10n.t('Use It');
  const edit = vscode.l10n.t('Edit in Settings');
  const chosen = await tell(
    vscode.l10n.t('The connection “{0}” is in your settings.', name),
    use,
    edit,
  );
  if (chosen === use) await connections.use(name);
  if (chosen === edit) await editConnections();
}

/**
 * Opens the settings file at the connections: a list of objects has no form to edit it in. A window
 * on a remote side takes settings of scope machine from that side's own file alone, wherever the
 * extension itself runs.
 */
export async function editConnections(): Promise<void> {
  const command = vscode.env.remoteName
    ? 'workbench.action.openRemoteSettingsFile'
    : 'workbench.action.openSettingsJson';
  await vscode.commands.executeCommand(command, {
    revealSetting: { key: `${SETTINGS}.connections`, edit: true },
  });
}

async function askDraft(taken: readonly (string | undefined)[]): Promise<Draft | undefined> {
  let step = 1;
  let name = '';
  let address = '';
  let tokenSource: TokenSource = 'none';
  for (;;) {
    let answer: Answer<unknown>;
    switch (step) {
      case 1:
        answer = await askName(name, taken);
        if (typeof answer === 'string') name = answer.trim();
        break;
      case 2:
        answer = await askAddress(address);
        if (typeof answer === 'string') address = answer.trim();
        break;
      case 3:
        answer = await askTokenSource();
        if (typeof answer === 'string') tokenSource = answer as TokenSource;
        break;
      default:
        answer = await askProduction();
        if (typeof answer === 'boolean') return { name, address, tokenSource, production: answer };
    }
    if (answer === undefined) return undefined;
    step += answer === BACK ? -1 : 1;
  }
}

function frame(step: number) {
  const title = vscode.l10n.t('Add a Consul Connection');
  return { title, step, totalSteps: STEPS, canGoBack: step > 1 };
}

function wrong(message: string): Remark {
  return { message, severity: vscode.InputBoxValidationSeverity.Error };
}

function askName(value: string, taken: readonly (string | undefined)[]): Promise<Answer<string>> {
  return askText(frame(1), {
    prompt: vscode.l10n.t('What to call it'),
    placeholder: 'staging',
    value,
    empty: vscode.l10n.t('Type a name first.'),
    judge: (name) =>
      taken.includes(name.trim())
        ? wrong(vscode.l10n.t('Another connection has this name already.'))
        : undefined,
  });
}

function askAddress(value: string): Promise<Answer<string>> {
  return askText(frame(2), {
    prompt: vscode.l10n.t(
      'Where its agent listens: host:port, http://…, https://… or unix:///path',
    ),
    placeholder: DEFAULT_ADDRESS,
    value,
    empty: vscode.l10n.t('Type an address first.'),
    judge: (address) => {
      try {
        parseAddress(address);
        return undefined;
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        return wrong(error.message);
      }
    },
  });
}

function askTokenSource(): Promise<Answer<TokenSource>> {
  const row = (value: TokenSource, icon: string, label: string, description = '') =>
    ({
      value,
      iconPath: new vscode.ThemeIcon(icon),
      label,
      description,
    }) satisfies ValueItem<TokenSource>;
  return pickOne(frame(3), vscode.l10n.t('Where does its ACL token come from?'), () => [
    row(
      'none',
      'circle-slash',
      vscode.l10n.t('No token'),
      vscode.l10n.t('ACLs are off, or the agent’s default token will do'),
    ),
    row(
      'secret',
      'key',
      vscode.l10n.t('The editor’s secret store'),
      vscode.l10n.t('you are asked for it now'),
    ),
    row('file', 'file', vscode.l10n.t('A file'), vscode.l10n.t('read at every run')),
    row(
      'environment',
      'terminal',
      vscode.l10n.t('The environment'),
      'CONSUL_HTTP_TOKEN_FILE, CONSUL_HTTP_TOKEN',
    ),
    row('prompt', 'comment-discussion', vscode.l10n.t('Ask each time')),
  ]);
}

function askProduction(): Promise<Answer<boolean>> {
  return pickOne(frame(4), vscode.l10n.t('Is it production?'), () => [
    {
      value: false,
      iconPath: new vscode.ThemeIcon('server'),
      label: vscode.l10n.t('Not production'),
      description: vscode.l10n.t('runs on few nodes need no confirmation'),
    },
    {
      value: true,
      iconPath: new vscode.ThemeIcon('shield'),
      label: vscode.l10n.t('Production'),
      description: vscode.l10n.t('every run is confirmed, and the status bar warns'),
    },
  ]);
}

async function askTokenFile(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('The file that holds the token'),
    })) ?? [];
  return file?.fsPath;
}
