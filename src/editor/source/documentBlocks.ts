import type { DocumentSelector, TextDocument } from 'vscode';
import { blockDirectives } from '../../exec/directive/blockDirectives.ts';
import { type Directive, inheritDirectives } from '../../exec/directive/directive.ts';
import { readDirective } from '../../exec/directive/readDirective.ts';
import { scriptHead } from '../../exec/directive/scriptHead.ts';
import { editorLines } from '../../exec/runbook/lines.ts';
import { type FencedBlock, isRunnable, MarkdownReader } from '../../exec/runbook/markdownBlocks.ts';
import { cellsOf } from '../../exec/script/cells.ts';

/** Documents of the user, also unsaved and remote ones, but not output. */
export const SCRIPTS: DocumentSelector = ['file', 'untitled', 'vscode-vfs', 'vscode-remote'].map(
  (scheme) => ({ scheme }),
);

/** A part of a document that can run by itself. Lines are counted from 0. */
export interface DocumentBlock {
  readonly kind: 'fence' | 'cell' | 'file';
  /** The line that begins it: a fence, the mark of a cell, or the first line. */
  readonly line: number;
  readonly endLine: number;
  readonly directive: Directive;
  /** Set for a fence. */
  readonly fence?: FencedBlock;
}

interface Blocks {
  readonly version: number;
  readonly blocks: readonly DocumentBlock[];
}

const cache = new WeakMap<TextDocument, Blocks>();
const readers = new WeakMap<TextDocument, MarkdownReader>();

/** The blocks of a document, in their order. Read once for each version of the document. */
export function blocksOf(document: TextDocument): readonly DocumentBlock[] {
  const { version } = document;
  const known = cache.get(document);
  if (known?.version === version) return known.blocks;
  const blocks = isMarkdown(document) ? fencesOf(document) : partsOfScript(document);
  cache.set(document, { version, blocks });
  return blocks;
}

/** The fence or cell with a line in it. */
export function blockAt(document: TextDocument, line: number): DocumentBlock | undefined {
  return blocksOf(document).find(
    (block) => block.kind !== 'file' && block.line <= line && line < block.endLine,
  );
}

/** What the first comment lines of a script say; that of Markdown is in its blocks. */
export function directiveOf(document: TextDocument): Directive {
  const [first] = blocksOf(document);
  return first?.kind === 'file' ? first.directive : { entries: [], problems: [] };
}

/** Whether agents can run the block as it is. */
export function canRun({ fence }: DocumentBlock): boolean {
  return fence === undefined || isRunnable(fence.language);
}

export function isMarkdown({ languageId }: TextDocument): boolean {
  return languageId === 'markdown';
}

function fencesOf(document: TextDocument): DocumentBlock[] {
  const text = document.getText();
  const lines = editorLines(text);
  let reader = readers.get(document);
  if (!reader) readers.set(document, (reader = new MarkdownReader()));
  const { blocks } = reader.read(text);
  const directives = blockDirectives(lines, blocks);
  return blocks.map((fence, i) => ({
    kind: 'fence',
    line: fence.fenceLine,
    endLine: fence.endLine,
    directive: directives[i] ?? { entries: [], problems: [] },
    fence,
  }));
}

/** The script as a whole, then its cells, which inherit its directive. */
function partsOfScript(document: TextDocument): DocumentBlock[] {
  const head = scriptHead(firstLines(document));
  const ofScript = readDirective(head);
  const directive = inheritDirectives([ofScript]);
  const whole: DocumentBlock = { kind: 'file', line: 0, endLine: document.lineCount, directive };
  const text = document.getText();
  if (!text.includes('%%')) return [whole];
  const lines = editorLines(text);
  const taken = new Set(head.map(({ line }) => line));
  const cells = cellsOf(lines).map(({ line, endLine }): DocumentBlock => {
    // The first cell can be above all code: then comments of the script are also its own.
    const own = scriptHead(lines.slice(line, endLine))
      .map((comment) => ({ ...comment, line: comment.line + line }))
      .filter((comment) => !taken.has(comment.line));
    const all = inheritDirectives([ofScript, readDirective(own)]);
    return { kind: 'cell', line, endLine, directive: all };
  });
  return [whole, ...cells];
}

/** The lines of a document, read one by one. */
export function* firstLines(document: TextDocument): Generator<string> {
  for (let line = 0; line < document.lineCount; line++) yield document.lineAt(line).text;
}
