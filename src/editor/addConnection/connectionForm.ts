import * as vscode from 'vscode';
import { AddressError, DEFAULT_ADDRESS, parseAddress } from '../../consul/endpoint/address.ts';
import { isAddressLike } from '../../consul/endpoint/addressLike.ts';
import type { ConnectionProfile, TOKEN_SOURCES } from '../../consul/connection/profileSchema.ts';
import {
  askText,
  BACK,
  pickOne,
  type Answer,
  type InputMessage,
  type ValueItem,
} from '../base/quickInput.ts';
import type { EditorSecrets } from '../connections/editorSecrets.ts';

const STEPS = ['name', 'address', 'token', 'production', 'test'] as const;

type TokenSource = (typeof TOKEN_SOURCES)[number];

/** What the user entered for a new connection. */
export interface Draft {
  readonly name: string;
  readonly address: string;
  readonly tokenSource: TokenSource;
  readonly tokenFile?: string | undefined;
  /** The token for the test, and for secret storage if it comes from there. */
  readonly token?: string | undefined;
  readonly production: boolean;
}

/** The connection as it is written to the settings. */
export function profileOf(draft: Draft): Partial<ConnectionProfile> {
  const { name, address, tokenSource, tokenFile, production } = draft;
  return {
    name,
    address,
    tokenSource,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(production ? { production } : {}),
  };
}

/**
 * Asks for a connection, step by step.
 * @param taken names that other connections have
 * @param before what was entered before the user went back from the test
 */
export async function askDraft(
  secrets: EditorSecrets,
  taken: readonly (string | undefined)[],
  before?: Draft,
): Promise<Draft | undefined> {
  let draft: Draft = before ?? { name: '', address: '', tokenSource: 'none', production: false };
  let step = before ? STEPS.indexOf('production') : 0;
  for (;;) {
    const answer = await askStep(STEPS[step] ?? 'test', draft, secrets, taken);
    if (answer === undefined) return undefined;
    if (answer !== BACK) draft = { ...draft, ...answer };
    step += answer === BACK ? -1 : 1;
    if (STEPS[step] === 'test') return draft;
  }
}

async function askStep(
  step: (typeof STEPS)[number],
  draft: Draft,
  secrets: EditorSecrets,
  taken: readonly (string | undefined)[],
): Promise<Answer<Partial<Draft>>> {
  switch (step) {
    case 'name':
      return asPart(await askName(draft.name, taken), (name) => ({ name: name.trim() }));
    case 'address':
      return asPart(await askAddress(draft.address), (text) => ({ address: text.trim() }));
    case 'token':
      return askToken(draft, secrets);
    default:
      return asPart(await askProduction(), (production) => ({ production }));
  }
}

function asPart<T extends string | boolean>(
  answer: Answer<T>,
  part: (value: T) => Partial<Draft>,
): Answer<Partial<Draft>> {
  return answer === undefined || answer === BACK ? answer : part(answer);
}

/** Asks where the token comes from, and for the file or the token itself. Without it, asks again. */
async function askToken(draft: Draft, secrets: EditorSecrets): Promise<Answer<Partial<Draft>>> {
  for (;;) {
    const tokenSource = await askTokenSource();
    switch (tokenSource) {
      case 'file': {
        const tokenFile = await askTokenFile();
        if (tokenFile !== undefined) return { tokenSource, tokenFile, token: undefined };
        break;
      }
      case 'secret':
      case 'prompt': {
        const token =
          tokenSource === 'secret'
            ? await secrets.enterToken(draft.name, parseAddress(draft.address).label)
            : await secrets.askToken(draft.name);
        if (token === undefined) return undefined;
        if (token !== '') return { tokenSource, tokenFile: undefined, token };
        break;
      }
      case 'none':
      case 'environment':
        return { tokenSource, tokenFile: undefined, token: undefined };
      default:
        return tokenSource;
    }
  }
}

export function stepFrame(step: (typeof STEPS)[number]) {
  const title = vscode.l10n.t('Add Connection');
  const number = STEPS.indexOf(step) + 1;
  return { title, step: number, totalSteps: STEPS.length, canGoBack: number > 1 };
}

function errorRemark(message: string): InputMessage {
  return { message, severity: vscode.InputBoxValidationSeverity.Error };
}

function askName(value: string, taken: readonly (string | undefined)[]): Promise<Answer<string>> {
  return askText(stepFrame('name'), {
    prompt: vscode.l10n.t('Enter a name for the connection'),
    placeholder: 'staging',
    value,
    emptyMessage: vscode.l10n.t('Enter a name.'),
    validate: (name) => {
      if (taken.includes(name.trim())) {
        return errorRemark(vscode.l10n.t('A connection with this name already exists.'));
      }
      return isAddressLike(name)
        ? errorRemark(
            vscode.l10n.t(
              'This is an address. Enter a name such as "staging"; the next step asks for the address.',
            ),
          )
        : undefined;
    },
  });
}

function askAddress(value: string): Promise<Answer<string>> {
  return askText(stepFrame('address'), {
    prompt: vscode.l10n.t(
      "Enter the agent's address: host:port, http://…, https://… or unix:///path",
    ),
    placeholder: DEFAULT_ADDRESS,
    value,
    emptyMessage: vscode.l10n.t('Enter an address.'),
    validate: (address) => {
      try {
        parseAddress(address);
        return undefined;
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        return errorRemark(error.message);
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
  return pickOne(stepFrame('token'), vscode.l10n.t('Select where the ACL token comes from'), () => [
    row(
      'none',
      'circle-slash',
      vscode.l10n.t('No token'),
      vscode.l10n.t("ACLs are off, or the agent's default token is enough"),
    ),
    row('secret', 'key', vscode.l10n.t('Secret storage'), vscode.l10n.t('you enter it now')),
    row('file', 'file', vscode.l10n.t('A file'), vscode.l10n.t('read for every run')),
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
  return pickOne(stepFrame('production'), vscode.l10n.t('Is this a production connection?'), () => [
    {
      value: false,
      iconPath: new vscode.ThemeIcon('server'),
      label: vscode.l10n.t('Not production'),
      description: vscode.l10n.t("small runs aren't confirmed"),
    },
    {
      value: true,
      iconPath: new vscode.ThemeIcon('shield'),
      label: vscode.l10n.t('Production'),
      description: vscode.l10n.t('every run is confirmed, and the status bar shows a warning'),
    },
  ]);
}

async function askTokenFile(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Select Token File'),
    })) ?? [];
  return file?.fsPath;
}
