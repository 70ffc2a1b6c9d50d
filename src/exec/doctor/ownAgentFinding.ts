import { t } from '@vscode/l10n';
import { displayName } from '../displayName.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { subject } from './subject.ts';

/** The line that lets an agent take part; it is off since Consul 0.8. */
export const REMOTE_EXEC_ON = 'disable_remote_exec = false';

/**
 * Whether the agent we talk to takes part in remote exec: the only agent that tells, and it tells of
 * itself alone. Of other nodes that is a hint, since a fleet is configured alike as a rule.
 * @returns undefined when that agent is not among the silent nodes and gives no hint
 */
export function ownAgentFinding(
  { self }: Pick<Facts, 'self'>,
  silent: readonly string[],
): Finding | undefined {
  if (!self) return undefined;
  const name = displayName(self.nodeName);
  if (!silent.includes(self.nodeName))
    return self.remoteExecDisabled ? hint(name, silent) : undefined;
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

function hint(name: string, silent: readonly string[]): Finding {
  return {
    check: 'ownAgent',
    verdict: 'unknown',
    what:
      silent.length === 1
        ? t(
            '{0}, the agent you talk to, has remote exec off; {1} may be configured like it.',
            name,
            subject(silent),
          )
        : t(
            '{0}, the agent you talk to, has remote exec off; the silent nodes may be configured like it.',
            name,
          ),
    evidence: t('Its configuration says DisableRemoteExec: true.'),
    advice: t('Compare the configuration of the agents, where {0} must stand.', REMOTE_EXEC_ON),
  };
}
