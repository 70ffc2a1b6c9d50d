import { t } from '@vscode/l10n';
import { displayName } from '../../base/displayName.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import { nodesLabel } from './nodesLabel.ts';
import { REMOTE_EXEC_ON } from './remoteExecSetting.ts';

/**
 * Whether the connected agent takes part in remote exec. An agent reports its own setting only. For
 * other nodes that is a hint, because the agents of a fleet usually share a configuration.
 * @returns undefined when that agent did respond and gives no hint
 */
export function ownAgentFinding(
  { self }: Pick<Facts, 'self'>,
  unresponsive: readonly string[],
): Finding | undefined {
  if (!self) return undefined;
  const name = displayName(self.nodeName);
  if (!unresponsive.includes(self.nodeName)) {
    return self.remoteExecDisabled ? similarConfigurationFinding(name, unresponsive) : undefined;
  }
  switch (self.remoteExecDisabled) {
    case true:
      return {
        check: 'ownAgent',
        verdict: 'problem',
        summary: t('Remote exec is off on {0}, the agent you connect to.', name),
        evidence: t('Its configuration says DisableRemoteExec: true.'),
        advice: t('Add {0} to its configuration and restart it.', REMOTE_EXEC_ON),
      };
    case false:
      return {
        check: 'ownAgent',
        verdict: 'ok',
        summary: t('Remote exec is on for {0}, the agent you connect to.', name),
        evidence: t('Its configuration says DisableRemoteExec: false.'),
      };
    case undefined:
      return {
        check: 'ownAgent',
        verdict: 'unknown',
        summary: t(
          "{0}, the agent you connect to, doesn't report whether remote exec is on.",
          name,
        ),
        evidence: t("Its configuration doesn't show DisableRemoteExec."),
      };
  }
}

function similarConfigurationFinding(name: string, unresponsive: readonly string[]): Finding {
  return {
    check: 'ownAgent',
    verdict: 'unknown',
    summary:
      unresponsive.length === 1
        ? t(
            'Remote exec is off on {0}, the agent you connect to. {1} may be configured the same way.',
            name,
            nodesLabel(unresponsive),
          )
        : t(
            'Remote exec is off on {0}, the agent you connect to. The nodes with no response may be configured the same way.',
            name,
          ),
    evidence: t('Its configuration says DisableRemoteExec: true.'),
    advice: t("Compare the agents' configurations. Each needs {0}.", REMOTE_EXEC_ON),
  };
}
