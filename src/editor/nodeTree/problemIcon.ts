import * as vscode from 'vscode';
import type { Problem } from '../../exec/review/reviewGroups.ts';

/** An icon for a node or a group, by its most important problem. */
export function problemIcon(problem: Problem): vscode.ThemeIcon {
  const warning = new vscode.ThemeColor('problemsWarningIcon.foreground');
  switch (problem) {
    case 'unreachable':
      return new vscode.ThemeIcon('debug-disconnect', warning);
    case 'noAgent':
      return new vscode.ThemeIcon('circle-slash', warning);
    case 'failing':
      return new vscode.ThemeIcon('warning', warning);
    case 'server':
      return new vscode.ThemeIcon('server-environment', warning);
    case 'none':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  }
}
