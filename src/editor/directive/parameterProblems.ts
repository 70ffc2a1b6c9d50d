import * as vscode from 'vscode';
import { readDeclarations } from '../../exec/script/parameters/declarations.ts';
import { languageName, languageOf } from '../../exec/script/scriptLanguage.ts';
import { isMarkdown } from '../source/documentBlocks.ts';
import { interpreterOfDocument } from '../source/scriptSource.ts';

/**
 * The mistakes in the parameters that a script declares. They are warnings: a comment can be meant for another
 * tool, as long as nobody runs the script here.
 */
export function parameterProblems(document: vscode.TextDocument): vscode.Diagnostic[] {
  if (isMarkdown(document)) return [];
  const interpreter = interpreterOfDocument(document);
  const language = languageOf(interpreter);
  if (!language) return [];
  const { mistakes } = readDeclarations(document.getText(), language, languageName(interpreter));
  return mistakes.map(({ line, message }) => {
    const { text, range } = document.lineAt(line - 1);
    const from = text.indexOf('@');
    const marked = range.with(range.start.with({ character: Math.max(0, from) }));
    const problem = new vscode.Diagnostic(marked, message, vscode.DiagnosticSeverity.Warning);
    problem.source = 'Consul Exec';
    return problem;
  });
}
