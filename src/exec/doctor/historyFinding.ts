import { t } from '@vscode/l10n';
import { joinNames } from '../../base/joinNames.ts';
import type { Finding, NodeHistory } from './finding.ts';
import { nodesLabel } from './nodesLabel.ts';
import { enableRemoteExecAdvice } from './remoteExecSetting.ts';

const MAX_NODES_IN_EVIDENCE = 5;

/** What earlier runs show: a node that has never responded is likely to have remote exec off. */
export function historyFinding(
  unresponsive: readonly string[],
  history: ReadonlyMap<string, NodeHistory>,
): Finding {
  const known = unresponsive.filter((name) => (history.get(name)?.targeted ?? 0) > 0);
  const respondedBefore = known.filter((name) => (history.get(name)?.responded ?? 0) > 0);
  if (respondedBefore.length > 0) return changedFinding(respondedBefore, history);
  if (known.length > 0) return neverRespondedFinding(known, unresponsive, history);
  return {
    check: 'history',
    verdict: 'unknown',
    summary: t('No history for {0}.', nodesLabel(unresponsive)),
    evidence:
      unresponsive.length === 1
        ? t('No earlier run targeted this node and ran to the end.')
        : t('No earlier run targeted these nodes and ran to the end.'),
  };
}

function changedFinding(
  respondedBefore: readonly string[],
  history: ReadonlyMap<string, NodeHistory>,
): Finding {
  return {
    check: 'history',
    verdict: 'problem',
    summary: t(
      'Something has changed since an earlier run, in which these nodes responded: {0}.',
      joinNames(respondedBefore),
    ),
    evidence: respondedBefore
      .slice(0, MAX_NODES_IN_EVIDENCE)
      .map((name) => responsesMessage(name, history))
      .join(' '),
    advice: t('Check whether the agents there were restarted, reconfigured or disconnected.'),
  };
}

function neverRespondedFinding(
  neverResponded: readonly string[],
  unresponsive: readonly string[],
  history: ReadonlyMap<string, NodeHistory>,
): Finding {
  const runs = Math.max(...neverResponded.map((name) => history.get(name)?.targeted ?? 0));
  const reliableNodes = [...history].filter(
    ([name, { targeted, responded }]) =>
      !unresponsive.includes(name) && targeted > 0 && responded === targeted,
  ).length;
  return {
    check: 'history',
    verdict: 'problem',
    summary:
      neverResponded.length === 1
        ? t(
            '{0} has never responded, so remote exec is probably off there.',
            nodesLabel(neverResponded),
          )
        : t(
            '{0} nodes have never responded, so remote exec is probably off there.',
            neverResponded.length,
          ),
    evidence:
      runs === 1
        ? t('No response in 1 run. Other nodes that always responded: {0}.', reliableNodes)
        : t(
            'No response in up to {0} runs. Other nodes that always responded: {1}.',
            runs,
            reliableNodes,
          ),
    advice: enableRemoteExecAdvice(),
  };
}

function responsesMessage(name: string, history: ReadonlyMap<string, NodeHistory>): string {
  const { targeted = 0, responded = 0 } = history.get(name) ?? {};
  return targeted === 1
    ? t('{0} responded in the only earlier run.', joinNames([name]))
    : t('{0} responded in {1} of {2} runs.', joinNames([name]), responded, targeted);
}
