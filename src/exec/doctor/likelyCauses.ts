import { t } from '@vscode/l10n';
import type { Finding } from './finding.ts';
import { REMOTE_EXEC_ON } from './ownAgentFinding.ts';
import { subject } from './subject.ts';

/** What only the node itself can tell: its agent ignores the event without a word. */
export function remoteExecFinding(silent: readonly string[]): Finding {
  const who = subject(silent);
  return {
    check: 'remoteExec',
    verdict: 'unknown',
    what: t('The agents of {0} may have remote exec off, which is the default.', who),
    evidence: t('Nothing outside a node can tell. Its log says “ignoring remote exec event”.'),
    advice: t('On the node, add to the agent’s configuration and restart it: {0}', REMOTE_EXEC_ON),
  };
}

/**
 * The agents' own tokens: without key:write they cannot acknowledge, hence do not run the job.
 * @param aclsEnabled undefined when that is not known
 */
export function agentTokenFinding(
  silent: readonly string[],
  prefix: string,
  aclsEnabled: boolean | undefined,
): Finding {
  const rule = `key:write on "${prefix}/"`;
  if (aclsEnabled === false) {
    return {
      check: 'agentToken',
      verdict: 'ok',
      what: t('The agents need no token.'),
      evidence: t('ACLs are off on the agent you talk to.'),
    };
  }
  return {
    check: 'agentToken',
    verdict: 'unknown',
    what: t('The agents’ own tokens on {0} may lack {1}.', subject(silent), rule),
    evidence: t(
      'Nothing outside a node can tell. Its log says “failed to get remote exec job” or “failed to ack remote exec job”.',
    ),
    advice: t(
      'Give that permission to the token in acl.tokens.agent, or in acl.tokens.default, of the agent.',
    ),
  };
}
