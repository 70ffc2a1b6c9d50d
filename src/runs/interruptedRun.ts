import { t } from '@vscode/l10n';
import type { Run } from './run.ts';

/**
 * Ends a run that nobody collects any more where its record ends: with its window its session went, so
 * nodes that had not exited were lost from sight. Only what is shown of it ends so; its record does
 * not, for as long as somebody may still pick it up.
 */
export function endAsInterrupted(run: Run): void {
  const { info, ledger } = run;
  if (ledger.end !== undefined) return;
  const signs = Array.from(ledger.nodes, ({ lastSign }) => lastSign ?? 0);
  ledger.apply({
    kind: 'finished',
    at: signs.reduce((last, sign) => Math.max(last, sign), info.createdAt),
    end: 'sessionLost',
    reason: t('The run was interrupted: the window that collected it went before it was over.'),
  });
}
