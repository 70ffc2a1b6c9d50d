import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { REPORT_SCHEME, type Reports } from '../reports/reports.ts';
import type { RequiredPolicies, RequiredPolicy } from './requiredPolicies.ts';

/** The extension of reports with policies, for the language and for the links above each policy. */
const EXTENSION = 'hcl';

/** Shows policies as a read-only document. */
export async function showPolicies(
  reports: Reports,
  { connection, policies }: RequiredPolicies,
): Promise<void> {
  const title = vscode.l10n.t('ACL Policies for {0}', connection);
  await reports.show(`${title}.${EXTENSION}`, policies.map(describePolicy).join('\n'));
}

/** Comments, then the rules: `PolicyLenses` finds the rules by that. */
function describePolicy({ comments, rules }: RequiredPolicy): string {
  return [...comments.map((comment) => `# ${comment}`), rules].join('\n');
}

/** A link above each policy that copies it alone, because each is input for a command of its own. */
export class PolicyLenses implements vscode.CodeLensProvider {
  static register(): vscode.Disposable {
    return vscode.languages.registerCodeLensProvider(
      { scheme: REPORT_SCHEME, pattern: `**/*.${EXTENSION}` },
      new PolicyLenses(),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lenses: vscode.CodeLens[] = [];
    for (let line = 0; line < document.lineCount; line++) {
      const start = line;
      while (line < document.lineCount && isRule(document.lineAt(line).text)) line++;
      if (line === start) continue;
      const rules = document.getText(new vscode.Range(start, 0, line, 0));
      const command = {
        title: `$(copy) ${vscode.l10n.t('Copy Policy')}`,
        command: commands.copyPolicy,
        arguments: [rules],
      };
      lenses.push(new vscode.CodeLens(new vscode.Range(start, 0, start, 0), command));
    }
    return lenses;
  }
}

function isRule(line: string): boolean {
  return line !== '' && !line.startsWith('#');
}
