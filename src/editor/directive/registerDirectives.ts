import * as vscode from 'vscode';
import { namesTargets } from '../../exec/directive/directive.ts';
import { contextKeys, SETTINGS } from '../base/contributions.ts';
import { areLensesOn } from '../base/settings.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { blocksOf, isMarkdown, SCRIPTS } from '../source/documentBlocks.ts';
import { DirectiveCompletion } from './directiveCompletion.ts';
import { DirectiveHover } from './directiveHover.ts';
import { DirectiveLenses, hasLens } from './directiveLenses.ts';
import { DirectiveFixes, problemsOf } from './directiveProblems.ts';
import { parameterProblems } from './parameterProblems.ts';
import { LiveTargets } from './liveTargets.ts';

/** After the last key, so that typing isn't slowed down. */
const PAUSE_MS = 200;

interface DirectiveServices {
  readonly connections: ConnectionService;
  readonly log: vscode.LogOutputChannel;
}

/** Registers what directives show in an editor: lenses, completion, hover, and mistakes with fixes. */
export function registerDirectives({ connections, log }: DirectiveServices): vscode.Disposable {
  const targets = new LiveTargets(connections, log);
  const changed = new vscode.EventEmitter<void>();
  const diagnostics = vscode.languages.createDiagnosticCollection('consul-exec');
  const lenses = new DirectiveLenses(
    targets,
    () => vscode.workspace.isTrusted && areLensesOn(),
    changed.event,
  );
  let timer: NodeJS.Timeout | undefined;
  const update = () => {
    clearTimeout(timer);
    timer = setTimeout(() => updateVisible(targets, diagnostics), PAUSE_MS);
  };
  const refresh = () => {
    changed.fire();
    update();
  };
  update();
  return vscode.Disposable.from(
    targets,
    changed,
    diagnostics,
    { dispose: () => clearTimeout(timer) },
    targets.onDidChange(refresh),
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      // Output changes all the time, and would put the update off again and again.
      if (vscode.languages.match(SCRIPTS, document) > 0) update();
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SETTINGS}.lenses`)) refresh();
    }),
    vscode.languages.registerCodeLensProvider(SCRIPTS, lenses),
    vscode.languages.registerHoverProvider(SCRIPTS, new DirectiveHover(targets)),
    vscode.languages.registerCompletionItemProvider(
      SCRIPTS,
      new DirectiveCompletion(targets, connections),
      ...DirectiveCompletion.TRIGGERS,
    ),
    vscode.languages.registerCodeActionsProvider(SCRIPTS, new DirectiveFixes(), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
}

/** Reads from Consul while a directive is visible, and shows the mistakes in visible editors. */
function updateVisible(targets: LiveTargets, diagnostics: vscode.DiagnosticCollection): void {
  const documents = vscode.workspace.isTrusted ? visibleScripts() : [];
  const hasTargets = (document: vscode.TextDocument) =>
    blocksOf(document).some(({ directive }) => namesTargets(directive));
  targets.watch(documents.some(hasTargets));
  for (const document of documents) {
    diagnostics.set(document.uri, [
      ...problemsOf(document, targets),
      ...parameterProblems(document),
    ]);
  }
  const active = vscode.window.activeTextEditor?.document;
  const hasBlocks = active !== undefined && isMarkdown(active) && blocksOf(active).some(hasLens);
  void vscode.commands.executeCommand('setContext', contextKeys.hasBlocks, hasBlocks);
}

function visibleScripts(): vscode.TextDocument[] {
  const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
  return [...new Set(documents)].filter(
    (document) => vscode.languages.match(SCRIPTS, document) > 0,
  );
}
