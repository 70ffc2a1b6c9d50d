import { t } from '@vscode/l10n';
import type { AgentSelf } from '../../consul/agent.ts';
import { isAtLeast } from '../../consul/version.ts';
import type { Finding } from './finding.ts';

/** The first version whose servers can limit requests. */
const FIRST_WITH_LIMITS = '1.15.0';

/**
 * Whether Consul's servers limit requests. An agent whose write is refused does not run the job, or gives
 * up on its output (PROTOCOL.md §3.6). Only a server reports its limits, and only its own.
 * @param self undefined when not known, or when the nodes are in another datacenter
 * @returns undefined if the servers are too old to have limits
 */
export function limitsFinding(self: AgentSelf | undefined): Finding | undefined {
  if (self && !isAtLeast(self.version, FIRST_WITH_LIMITS)) return undefined;
  const limit = self?.isServer ? self.maxWritesPerSecond : undefined;
  if (limit === undefined) {
    return {
      check: 'limits',
      verdict: 'unknown',
      summary: t('The servers may limit requests ({0}).', SETTING),
      evidence: t(
        'Only a server reports its limits. Look for "RPC exceeded allowed rate limit" in the servers\' debug log.',
      ),
      advice: advice(),
    };
  }
  if (limit === Infinity) {
    return {
      check: 'limits',
      verdict: 'ok',
      summary: t("The server you connect to doesn't limit requests."),
      evidence: t('{0} is not enforced there. Other servers can differ.', SETTING),
    };
  }
  return {
    check: 'limits',
    verdict: 'unknown',
    summary: t(
      'The server you connect to refuses more than {0} writes per second. All agents share them.',
      limit,
    ),
    evidence: t(
      "{0} is enforced there. An agent whose write is refused doesn't run the job, or gives up on its output.",
      SETTING,
    ),
    advice: advice(),
  };
}

const SETTING = 'limits.request_limits';

function advice(): string {
  return t('Raise {0} on the servers, or run the job in steps.', SETTING);
}
