import * as vscode from 'vscode';
import { foldedText } from '../../base/fold/foldNames.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { blocksOf } from '../source/documentBlocks.ts';
import { directiveAt } from './directiveAt.ts';
import type { LiveMatch, LiveTargets } from './liveTargets.ts';

/** More names than anyone reads in a hover. */
const MAX_LENGTH = 1000;

/** The nodes that a directive means now. */
export class DirectiveHover implements vscode.HoverProvider {
  readonly #targets: LiveTargets;

  constructor(targets: LiveTargets) {
    this.#targets = targets;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!vscode.workspace.isTrusted) return undefined;
    const range = directiveAt(document, position);
    if (!range) return undefined;
    const block = blocksOf(document).find(({ directive }) =>
      directive.entries.some(({ place }) => place.line === position.line),
    );
    if (!block) return undefined;
    const match = this.#targets.match(block.directive);
    return match && new vscode.Hover(describe(match), range);
  }
}

/** Names are hostile text: only their text is shown. */
function describe(match: LiveMatch): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if ('problem' in match) return text.appendText(match.problem);
  const { nodes, datacenter } = match;
  text.appendText(vscode.l10n.t('{0} in {1}', nodeCountLabel(nodes.length), datacenter));
  const names = foldedText(nodes.map(({ name }) => name));
  if (names === '') return text;
  const shown = names.length > MAX_LENGTH ? `${names.slice(0, MAX_LENGTH)}…` : names;
  return text.appendCodeblock(shown, 'text');
}
