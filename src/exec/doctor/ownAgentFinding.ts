import { t } from '@vscode/l10n';
import { displayName } from '../displayName.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** The line that lets an agent take part; it is off since Consul 0.8. */
export const REMOTE_EXEC_ON = 'disable_remote_exec = false';

/**
 * Whether the agent we talk to takes part in remote exec: the only agent that tells, and it tells of
 * itself alone.
 * @returns undefined when that agent is not among the silent nodes
 */
export function ownAgentFinding(
  { self }: Pick<Facts, 'self'>,
  silent: readonly string[],
): Finding | undefined {
  if (!self || !silent.includes(self.nodeName)) return undefined;
  const name = displayName(self.nodeName);
  switch (self.remoteExecDisabled) {
    case true:
      return {
        check: 'ownAgent',
        verdict: 'problem',
        what: t('{0}, the agent you talk to, has remote exec off.', name),
        evidence: t('Its configuration says DisableRemoteExec: true.'),
        advice: t('Add {0} to its configuration and restart it.', REMOTE_EXEC_ON),
      };
    case false:
      return {
        check: 'ownAgent',
        verdict: 'ok',
        what: t('{0}, the agent you talk to, has remote exec on.', name),
        evidence: t('Its configuration says DisableRemoteExec: false.'),
      };
    case undefined:
      return {
        check: 'ownAgent',
        verdict: 'unknown',
        what: t('{0}, the agent you talk to, does not tell whether it has remote exec on.', name),
        evidence: t('Its configuration does not show DisableRemoteExec.'),
      };
  }
}
