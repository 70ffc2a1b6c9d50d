import { t } from '@vscode/l10n';
import type { AgentSelf } from '../../consul/agent.ts';
import { ConsulError, describePermission, UnknownTokenError } from '../../consul/errors.ts';
import { missingPermissions } from '../missingPermissions.ts';
import type { Examination } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether our own token may do what a run needs. */
export async function permissionsFinding(
  { consul, prefix, sessionNode }: Examination,
  self: AgentSelf | undefined,
  signal?: AbortSignal,
): Promise<Finding> {
  const asked = t('Asked of the servers, by acl/authorize.');
  const node = sessionNode ?? self?.nodeName ?? '';
  try {
    const missing = await missingPermissions(consul, { prefix, sessionNode: node }, signal);
    if (missing === undefined) return unknown(t('The servers do not tell.'));
    if (missing.length === 0) {
      return {
        check: 'permissions',
        verdict: 'ok',
        what: t(
          'Your token may write {0}, fire the event, create sessions and read the catalog.',
          `${prefix}/`,
        ),
        evidence: self?.aclsEnabled === false ? t('ACLs are off: everything is allowed.') : asked,
      };
    }
    const rules = missing.map(describePermission).join(', ');
    return {
      check: 'permissions',
      verdict: 'problem',
      what: t('Your token lacks {0}.', rules),
      evidence: asked,
      advice: t('Add these rules to its policy.'),
    };
  } catch (error) {
    if (error instanceof UnknownTokenError) {
      return {
        check: 'permissions',
        verdict: 'problem',
        what: error.message,
        evidence: asked,
        advice: t('Give the connection a token of this cluster.'),
      };
    }
    if (error instanceof ConsulError && !error.transient) return unknown(error.message);
    throw error;
  }
}

function unknown(evidence: string): Finding {
  return {
    check: 'permissions',
    verdict: 'unknown',
    what: t('What your token may do is not known.'),
    evidence,
  };
}
