import { t } from '@vscode/l10n';
import { someNames } from '../hazards/wording.ts';
import type { Finding, NodeHistory } from './finding.ts';
import { REMOTE_EXEC_ON } from './ownAgentFinding.ts';
import { subject } from './subject.ts';

/** What earlier runs tell: who never answered is likely to have remote exec off. */
export function historyFinding(
  silent: readonly string[],
  history: ReadonlyMap<string, NodeHistory>,
): Finding {
  const known = silent.filter((name) => (history.get(name)?.asked ?? 0) > 0);
  const never = known.filter((name) => history.get(name)?.answered === 0);
  const before = known.filter((name) => (history.get(name)?.answered ?? 0) > 0);
  const others = [...history].filter(
    ([name, { asked, answered }]) => !silent.includes(name) && asked > 0 && answered === asked,
  ).length;
  if (before.length > 0) {
    return {
      check: 'history',
      verdict: 'problem',
      what: t('Some answered earlier: {0}. Something has changed there since.', someNames(before)),
      evidence: before
        .slice(0, 5)
        .map((name) => counts(name, history))
        .join(' '),
      advice: t('Look whether the agent there was restarted, reconfigured, or cut off meanwhile.'),
    };
  }
  if (never.length > 0) {
    const runs = Math.max(...never.map((name) => history.get(name)?.asked ?? 0));
    return {
      check: 'history',
      verdict: 'problem',
      what: t('{0} never answered, so remote exec is most likely off there.', subject(never)),
      evidence:
        runs === 1
          ? t('No answer in 1 run; others that always answered: {0}.', others)
          : t('No answer in up to {0} runs; others that always answered: {1}.', runs, others),
      advice: t(
        'On the node, add to the agent’s configuration and restart it: {0}',
        REMOTE_EXEC_ON,
      ),
    };
  }
  return {
    check: 'history',
    verdict: 'unknown',
    what: t('No earlier run tells of {0}.', subject(silent)),
    evidence: t('No other run is kept that asked it and waited for the answer.'),
  };
}

function counts(name: string, history: ReadonlyMap<string, NodeHistory>): string {
  const { asked = 0, answered = 0 } = history.get(name) ?? {};
  return asked === 1
    ? t('{0} answered in the 1 run it was asked in.', someNames([name]))
    : t('{0} answered in {1} of {2} runs.', someNames([name]), answered, asked);
}
