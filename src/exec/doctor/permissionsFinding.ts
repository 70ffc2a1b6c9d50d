import { t } from '@vscode/l10n';
import type { AgentSelf } from '../../consul/agent.ts';
import {
  ConsulError,
  describePermission,
  UnknownTokenError,
} from '../../consul/errors/consulErrors.ts';
import { missingPermissions } from '../access/missingPermissions.ts';
import type { Examination } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether the connection's token has the permissions that a run needs. */
export async function permissionsFinding(
  { consul, prefix, sessionNode }: Examination,
  self: AgentSelf | undefined,
  signal?: AbortSignal,
): Promise<Finding> {
  const evidence = t('Checked with acl/authorize.');
  const node = sessionNode ?? self?.nodeName ?? '';
  try {
    const missing = await missingPermissions(consul, { prefix, sessionNode: node }, signal);
    if (missing === undefined) return unknownFinding(t("The servers don't report it."));
    if (missing.length === 0) {
      return {
        check: 'permissions',
        verdict: 'ok',
        summary: t(
          'Your token can write {0}, fire the event, create sessions and read the catalog.',
          `${prefix}/`,
        ),
        evidence:
          self?.aclsEnabled === false ? t('ACLs are off: everything is allowed.') : evidence,
      };
    }
    const permissions = missing.map(describePermission).join(', ');
    return {
      check: 'permissions',
      verdict: 'problem',
      summary: t('Your token lacks {0}.', permissions),
      evidence,
      advice: t("Add these permissions to the token's policy."),
    };
  } catch (error) {
    if (error instanceof UnknownTokenError) {
      return {
        check: 'permissions',
        verdict: 'problem',
        summary: error.message,
        evidence,
        advice: t('Set a token that belongs to this cluster on the connection.'),
      };
    }
    if (error instanceof ConsulError && !error.transient) return unknownFinding(error.message);
    throw error;
  }
}

function unknownFinding(evidence: string): Finding {
  return {
    check: 'permissions',
    verdict: 'unknown',
    summary: t("Can't check what your token is allowed to do."),
    evidence,
  };
}
