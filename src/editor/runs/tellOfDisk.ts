import * as vscode from 'vscode';
import { tellWarning } from '../notify.ts';
import type { RunService } from './runService.ts';

/**
 * Says that runs cannot be kept: once, since it is the same disk for all of them, and again only after
 * a run was kept.
 */
export function tellOfDisk(runs: RunService): vscode.Disposable {
  let isTold = false;
  return runs.onDidChangeList(() => {
    const [newest] = runs.all;
    const failing = [...runs.going, ...(newest ? [newest] : [])].find(({ notKept }) => notKept);
    if (failing?.notKept && !isTold) {
      isTold = true;
      void tellWarning(
        vscode.l10n.t(
          'Runs cannot be kept: {0}. They go on, and can be read and exported until this window is closed.',
          reason(failing.notKept),
        ),
      );
    } else if (!failing && newest?.run?.ledger.end !== undefined) {
      isTold = false;
    }
  });
}

function reason(error: Error): string {
  switch ('code' in error ? error.code : undefined) {
    case 'ENOSPC':
    case 'EDQUOT':
      return vscode.l10n.t('the disk is full');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return vscode.l10n.t('the folder they are kept in cannot be written');
    default:
      return error.message;
  }
}
