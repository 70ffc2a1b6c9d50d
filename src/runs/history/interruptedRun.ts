import { t } from '@vscode/l10n';
import type { Run } from '../run.ts';

/**
 * Ends a run that no window collects any more where its record ends: its session ended with its
 * window, so nodes that had not exited lost contact. Only the run in memory ends like this. Its record
 * stays open for as long as a window can resume it.
 */
export function endAsInterrupted(run: Run): void {
  const { info, ledger } = run;
  if (ledger.end !== undefined) return;
  const signs = Array.from(ledger.nodes, ({ lastSign }) => lastSign ?? 0);
  ledger.apply({
    kind: 'finished',
    at: signs.reduce((last, sign) => Math.max(last, sign), info.createdAt),
    end: 'sessionLost',
    reason: t(
      'The run was interrupted: the window collecting its output closed before it finished.',
    ),
  });
}
