import * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import { GRACE_SECONDS } from '../../exec/endJob/endJob.ts';
import { ask } from '../base/notify.ts';
import { plainMessage } from '../base/plainLabel.ts';
import type { EndPlan } from './endWithProgress.ts';

const MAX_NAMES = 10;
/** Another run of the same job within this time would be taken for this one. */
const EXACT_WITHIN_MS = 10_000;

/** Names what is ended, where, and how. Every connection is asked for. */
export function confirmEnd({ run, nodes, all }: EndPlan): Promise<boolean> {
  const { title, datacenters, connection } = run.info;
  const labels = [...nodes.keys()];
  const place = [datacenters.join(', '), connection].join(' · ');
  const question =
    labels.length === 1
      ? vscode.l10n.t('End the job on 1 node in {0}?', place)
      : vscode.l10n.t('End the job on {0} nodes in {1}?', labels.length, place);
  const vague = [...nodes].filter(
    ([, { earliest, latest }]) => latest - earliest > EXACT_WITHIN_MS,
  );
  const detail = [
    plainMessage(title),
    joinNames(labels, MAX_NAMES),
    '',
    vscode.l10n.t(
      'Its processes get SIGTERM, and after {0} s SIGKILL. Processes that left the job, such as daemons, are found only if the run was guarded.',
      GRACE_SECONDS,
    ),
    all
      ? vscode.l10n.t(
          'All jobs there that can be this one are ended: they began at about the same time.',
        )
      : vague.length > 0
        ? vscode.l10n.t(
            "It's not known exactly when the job began on {0}. Another run of the same job could be ended there instead.",
            joinNames(vague.map(([label]) => label)),
          )
        : '',
  ];
  const action =
    labels.length === 1
      ? vscode.l10n.t('End on 1 node')
      : vscode.l10n.t('End on {0} nodes', labels.length);
  return ask(question, detail.join('\n').trimEnd(), action);
}
