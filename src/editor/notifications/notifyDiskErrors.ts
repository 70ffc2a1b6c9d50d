import * as vscode from 'vscode';
import { showWarning } from '../base/notify.ts';
import type { RunList } from '../runs/runList.ts';

/**
 * Shows a notification when runs can't be saved. All runs are on the same disk, so it is shown once,
 * and again only after a run was saved.
 */
export function notifyDiskErrors(runs: RunList): vscode.Disposable {
  let isShown = false;
  return runs.onDidChangeList(() => {
    const [latest] = runs.all;
    const [failure] = [...runs.active, ...(latest ? [latest] : [])].flatMap(
      ({ saveFailure }) => saveFailure ?? [],
    );
    if (failure && !isShown) {
      isShown = true;
      void showWarning(
        vscode.l10n.t(
          "Can't save runs: {0}. They continue, and you can view and export them until this window closes.",
          describeFailure(failure),
        ),
      );
    } else if (!failure && latest?.run?.ledger.end !== undefined) {
      isShown = false;
    }
  });
}

function describeFailure(error: Error): string {
  switch ('code' in error ? error.code : undefined) {
    case 'ENOSPC':
    case 'EDQUOT':
      return vscode.l10n.t('the disk is full');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return vscode.l10n.t("the history folder isn't writable");
    default:
      return error.message;
  }
}
