import * as vscode from 'vscode';
import {
  type Directive,
  type DirectiveProblem,
  NODE_KEYS,
  type TextPlace,
} from '../../exec/directive/directive.ts';
import { blocksOf } from '../source/documentBlocks.ts';
import type { LiveTargets } from './liveTargets.ts';

const SOURCE = 'Consul Exec';

/** A mistake in a directive, with what to write instead. */
class ProblemDiagnostic extends vscode.Diagnostic {
  readonly fix: string | undefined;

  constructor({ place, message, fix }: DirectiveProblem) {
    super(rangeOf(place), message, vscode.DiagnosticSeverity.Error);
    this.source = SOURCE;
    this.fix = fix;
  }
}

/** The mistakes in the directives of a document. */
export function problemsOf(
  document: vscode.TextDocument,
  targets: LiveTargets,
): readonly vscode.Diagnostic[] {
  const found = new Map<string, vscode.Diagnostic>();
  for (const { directive } of blocksOf(document)) {
    for (const problem of directive.problems) {
      // Blocks below one heading have its mistakes in common.
      const { line, from } = problem.place;
      found.set(`${line}:${from} ${problem.message}`, new ProblemDiagnostic(problem));
    }
    for (const warning of catalogProblems(directive, targets)) {
      found.set(`${warning.range.start.line} ${warning.message}`, warning);
    }
  }
  return [...found.values()];
}

/** What is wrong as the catalog is now, which can change: no nodes, or a filter that servers refuse. */
function catalogProblems(directive: Directive, targets: LiveTargets): vscode.Diagnostic[] {
  const match = targets.match(directive);
  if (!match) return [];
  if ('problem' in match) {
    const { problem } = match;
    const entry = directive.entries.find(({ key }) => key === match.key);
    return entry ? [diagnostic(entry.place, problem, vscode.DiagnosticSeverity.Error)] : [];
  }
  const first = directive.entries.find(({ key }) => NODE_KEYS.has(key));
  if (match.nodes.length > 0 || !first) return [];
  const message = vscode.l10n.t('The directive matches no node in {0} now.', match.datacenter);
  return [diagnostic(first.place, message, vscode.DiagnosticSeverity.Warning)];
}

function diagnostic(
  place: TextPlace,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const found = new vscode.Diagnostic(rangeOf(place), message, severity);
  found.source = SOURCE;
  return found;
}

/** Replaces a mistake by what was probably meant. */
export class DirectiveFixes implements vscode.CodeActionProvider {
  provideCodeActions(
    document: vscode.TextDocument,
    _: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    // VS Code gives back copies, which have no fix.
    return blocksOf(document)
      .flatMap(({ directive }) => directive.problems)
      .flatMap((problem) => {
        const range = rangeOf(problem.place);
        const shown = diagnostics.find(
          (other) => other.source === SOURCE && other.range.isEqual(range),
        );
        return shown && problem.fix !== undefined
          ? [fixOf(document, range, problem.fix, shown)]
          : [];
      });
  }
}

function fixOf(
  document: vscode.TextDocument,
  range: vscode.Range,
  text: string,
  diagnosed: vscode.Diagnostic,
): vscode.CodeAction {
  const title = vscode.l10n.t('Change to {0}', text);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, text);
  action.diagnostics = [diagnosed];
  action.isPreferred = true;
  return action;
}

function rangeOf({ line, from, to }: TextPlace): vscode.Range {
  return new vscode.Range(line, from, line, to);
}
