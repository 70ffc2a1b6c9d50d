import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { UserError } from '../base/userError.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import { parseDocumentUri } from './documentUri.ts';
import type { EncodingChoices } from './encodingChoices.ts';

interface EncodingServices extends LoadServices {
  readonly encodings: EncodingChoices;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the command that sets the encoding of the output that a document shows. */
export function registerEncodingCommands(services: EncodingServices): vscode.Disposable {
  return registerCommand(commands.reopenWithEncoding, services.log, async (uri) => {
    const document = uri instanceof vscode.Uri ? uri : activeDocument();
    const address = document && parseDocumentUri(document);
    const listed = address && (await services.runs.findRestored(address.runId));
    if (!listed || address.kind === 'script') {
      throw new UserError(vscode.l10n.t('Open the output of a node or a run first.'));
    }
    const run = await services.loader.load(listed);
    const node = address.kind === 'node' ? address.node : undefined;
    const chosen = await pickEncoding(run, node);
    if (chosen) await services.encodings.choose(run, chosen.encoding, node);
  });
}

/** The document of the active tab, also on the right side of a comparison. */
function activeDocument(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}

interface EncodingRow extends vscode.QuickPickItem {
  /** Undefined for the encoding of the connection. */
  readonly encoding: string | undefined;
}

async function pickEncoding(run: Run, node: string | undefined): Promise<EncodingRow | undefined> {
  const { chosen, standard } = run.output.encodings;
  const inUse = node === undefined ? chosen.all : chosen.nodes?.[node];
  const mark = (encoding: string | undefined) =>
    encoding === inUse ? { iconPath: new vscode.ThemeIcon('check') } : {};
  const rows: EncodingRow[] = [
    {
      label:
        node === undefined || chosen.all === undefined
          ? vscode.l10n.t('Encoding of the connection ({0})', standard)
          : vscode.l10n.t('Encoding of the run ({0})', chosen.all),
      encoding: undefined,
      ...mark(undefined),
    },
    ...encodings().map(([encoding, description]) => {
      return { label: encoding, description, encoding, ...mark(encoding) };
    }),
  ];
  return vscode.window.showQuickPick(rows, {
    title:
      node === undefined
        ? vscode.l10n.t('Reopen the Output of All Nodes with Encoding')
        : vscode.l10n.t('Reopen the Output of {0} with Encoding', displayName(node)),
    placeHolder: vscode.l10n.t('Select the encoding in which the output was written'),
    matchOnDescription: true,
  });
}

/** Labels of the encodings that `TextDecoder` knows, with the languages that use them. */
function encodings(): readonly (readonly [label: string, languages: string])[] {
  const western = vscode.l10n.t('Western European');
  const central = vscode.l10n.t('Central European');
  const cyrillic = vscode.l10n.t('Cyrillic');
  const japanese = vscode.l10n.t('Japanese');
  const korean = vscode.l10n.t('Korean');
  const simplified = vscode.l10n.t('Simplified Chinese');
  const traditional = vscode.l10n.t('Traditional Chinese');
  return [
    ['utf-8', 'Unicode'],
    ['utf-16le', 'Unicode'],
    ['utf-16be', 'Unicode'],
    ['windows-1252', western],
    ['iso-8859-15', western],
    ['macintosh', western],
    ['windows-1250', central],
    ['iso-8859-2', central],
    ['windows-1251', cyrillic],
    ['iso-8859-5', cyrillic],
    ['koi8-r', cyrillic],
    ['koi8-u', cyrillic],
    ['ibm866', cyrillic],
    ['gbk', simplified],
    ['gb18030', simplified],
    ['big5', traditional],
    ['shift_jis', japanese],
    ['euc-jp', japanese],
    ['iso-2022-jp', japanese],
    ['euc-kr', korean],
    ['windows-1253', vscode.l10n.t('Greek')],
    ['iso-8859-7', vscode.l10n.t('Greek')],
    ['windows-1254', vscode.l10n.t('Turkish')],
    ['windows-1255', vscode.l10n.t('Hebrew')],
    ['iso-8859-8', vscode.l10n.t('Hebrew')],
    ['windows-1256', vscode.l10n.t('Arabic')],
    ['iso-8859-6', vscode.l10n.t('Arabic')],
    ['windows-1257', vscode.l10n.t('Baltic')],
    ['iso-8859-13', vscode.l10n.t('Baltic')],
    ['windows-1258', vscode.l10n.t('Vietnamese')],
    ['windows-874', vscode.l10n.t('Thai')],
  ];
}
