import { t } from '@vscode/l10n';
import { describePermission } from '../../consul/errors/consulErrors.ts';
import type { Finding } from './finding.ts';
import { nodesLabel } from './nodesLabel.ts';
import { enableRemoteExecAdvice } from './remoteExecSetting.ts';

/** Remote exec may be off. Only the node's own log shows it: its agent ignores the event without a reply. */
export function remoteExecFinding(unresponsive: readonly string[]): Finding {
  return {
    check: 'remoteExec',
    verdict: 'unknown',
    summary: t('Remote exec may be off on {0}. It is off by default.', nodesLabel(unresponsive)),
    evidence: t(
      'This can\'t be checked remotely. Look for "ignoring remote exec event" in the agent\'s log.',
    ),
    advice: enableRemoteExecAdvice(),
  };
}

/**
 * The agents' own tokens: an agent without key:write can't acknowledge, so it doesn't run the job.
 * @param aclsEnabled undefined when not known
 */
export function agentTokenFinding(
  unresponsive: readonly string[],
  prefix: string,
  aclsEnabled: boolean | undefined,
): Finding {
  if (aclsEnabled === false) {
    return {
      check: 'agentToken',
      verdict: 'ok',
      summary: t('The agents need no token.'),
      evidence: t('ACLs are off on the agent you connect to.'),
    };
  }
  const permission = describePermission({
    resource: 'key',
    access: 'write',
    segment: `${prefix}/`,
  });
  return {
    check: 'agentToken',
    verdict: 'unknown',
    summary:
      unresponsive.length === 1
        ? t('The agent token of {0} may lack {1}.', nodesLabel(unresponsive), permission)
        : t('The agent tokens of {0} nodes may lack {1}.', unresponsive.length, permission),
    evidence: t(
      'This can\'t be checked remotely. Look for "failed to get remote exec job" or "failed to ack remote exec job" in the agent\'s log.',
    ),
    advice: t(
      "Grant that permission to the token in the agent's acl.tokens.agent or acl.tokens.default.",
    ),
  };
}
