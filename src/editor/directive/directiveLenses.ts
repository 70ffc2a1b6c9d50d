import * as vscode from 'vscode';
import { namesTargets, valueOf } from '../../exec/directive/directive.ts';
import { commands } from '../base/contributions.ts';
import { commandLink } from '../base/executeCommand.ts';
import { runOnLabel } from '../base/nodeCount.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { blocksOf, canRun, type DocumentBlock } from '../source/documentBlocks.ts';
import type { LiveTargets } from './liveTargets.ts';

class BlockLens extends vscode.CodeLens {
  readonly block: DocumentBlock;
  readonly document: vscode.TextDocument;

  constructor(document: vscode.TextDocument, block: DocumentBlock) {
    const line = lensLine(block);
    super(new vscode.Range(line, 0, line, 0));
    this.document = document;
    this.block = block;
  }
}

/** Above each script with a directive, each cell, and each block that agents can run. */
export class DirectiveLenses implements vscode.CodeLensProvider {
  readonly #targets: LiveTargets;
  readonly #isOn: () => boolean;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  /** @param changed fires when other lenses may be right */
  constructor(targets: LiveTargets, isOn: () => boolean, changed: vscode.Event<void>) {
    this.#targets = targets;
    this.#isOn = isOn;
    this.onDidChangeCodeLenses = changed;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#isOn()) return [];
    return blocksOf(document)
      .filter(hasLens)
      .flatMap((block) => {
        const run = new BlockLens(document, block);
        return namesTargets(block.directive) ? [run, chooseLens(document, block)] : [run];
      });
  }

  /** VS Code asks for the lenses on the screen only, because finding nodes takes long in a large fleet. */
  resolveCodeLens(lens: vscode.CodeLens): vscode.CodeLens {
    if (lens instanceof BlockLens) lens.command = this.#runCommand(lens);
    return lens;
  }

  #runCommand({ document, block }: BlockLens): vscode.Command {
    const { uri } = document;
    return commandLink(commands.runAtCursor, this.#title(block), uri, block.line);
  }

  #title({ directive }: DocumentBlock): string {
    const { problems } = directive;
    if (problems.length > 0) {
      return `$(error) ${vscode.l10n.t("The directive can't be used")}`;
    }
    if (!namesTargets(directive)) return `$(play) ${vscode.l10n.t('Run on Nodes…')}`;
    const match = this.#targets.match(directive);
    if (match && 'problem' in match) {
      return `$(error) ${vscode.l10n.t("The directive can't be used")}`;
    }
    if (!match) {
      const place = valueOf(directive, 'connection') ?? valueOf(directive, 'datacenter');
      const title = `$(play) ${vscode.l10n.t('Run on Its Nodes…')}`;
      return place === undefined ? title : `${title} · ${plainLabel(place)}`;
    }
    return `$(play) ${runOnLabel(match.nodes.length)} · ${plainLabel(match.datacenter)}`;
  }
}

export function hasLens(block: DocumentBlock): boolean {
  const { directive, kind } = block;
  const isWritten = directive.entries.length > 0 || directive.problems.length > 0;
  return kind === 'file' ? isWritten : canRun(block);
}

function chooseLens(document: vscode.TextDocument, block: DocumentBlock): vscode.CodeLens {
  const line = lensLine(block);
  const title = vscode.l10n.t('Choose Targets…');
  return new vscode.CodeLens(
    new vscode.Range(line, 0, line, 0),
    commandLink(commands.chooseTargets, title, document.uri, block.line),
  );
}

/** A script's lens is above its directive, not above the `#!` line. */
function lensLine({ kind, line, directive }: DocumentBlock): number {
  if (kind !== 'file') return line;
  const places = [...directive.entries, ...directive.problems].map(({ place }) => place.line);
  return places.length === 0 ? line : Math.min(...places);
}
