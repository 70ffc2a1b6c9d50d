import * as vscode from 'vscode';
import { findSessionNode } from '../../consul/datacenters.ts';
import { examine } from '../../exec/doctor/examine.ts';
import type { Finding } from '../../exec/doctor/finding.ts';
import { splitNodeLabel } from '../../exec/nodeLabel.ts';
import { displayName } from '../../runs/displayText.ts';
import { nodeHistory } from '../../runs/nodeHistory.ts';
import { announcementsIn, datacentersOf, type Run } from '../../runs/run.ts';
import type { App } from '../app.ts';
import { views } from '../contributions.ts';
import { readRunSettings } from '../settings.ts';
import { UserError } from '../userError.ts';
import { earlierAnswers } from './earlierAnswers.ts';
import type { Reports } from './reports.ts';

/**
 * Looks for the reason why nodes of a run never answered, and shows what was found.
 * @param labels the silent nodes to explain, as the run names them
 * @throws UserError when the connection in use is not the run's; ConsulError
 */
export async function whySilent(
  app: App,
  reports: Reports,
  run: Run,
  labels: readonly string[],
): Promise<void> {
  const { info } = run;
  if (labels.length === 0) {
    throw new UserError(vscode.l10n.t('Every node of this run answered.'));
  }
  const connection = await app.connections.open();
  if (connection.name !== info.connection) {
    throw new UserError(
      vscode.l10n.t(
        'This run went through {0}. Switch to that connection to look for the reason.',
        info.connection,
      ),
    );
  }
  const prefix = run.session?.prefix ?? readRunSettings(app.connections.active.profile).prefix;
  const sections = await vscode.window.withProgress({ location: { viewId: views.runs } }, () =>
    Promise.all(
      bySite(run, labels).map(async ({ datacenter, silent }) => {
        const place = { connection: info.connection, datacenter };
        const isDefault = datacenter === connection.datacenter;
        const consul = isDefault ? connection.consul : connection.consul.in(datacenter);
        const findings = await examine({
          consul,
          prefix,
          announcements: announcementsIn(info, datacenter),
          silent,
          history: nodeHistory(await earlierAnswers(app, info.id, place, silent), place),
          sessionNode: await findSessionNode(consul, connection.self?.datacenter),
        });
        return section(silent, findings);
      }),
    ),
  );
  const title =
    labels.length === 1
      ? vscode.l10n.t('Why {0} never answered', displayName(labels[0] ?? ''))
      : vscode.l10n.t('Why {0} nodes never answered', labels.length);
  await reports.show(title, sections.join('\n\n'));
}

function bySite({ info }: Run, labels: readonly string[]) {
  const [only, another] = datacentersOf(info);
  if (another === undefined) return [{ datacenter: only ?? '', silent: labels }];
  const groups = Map.groupBy(labels.map(splitNodeLabel), ({ datacenter }) => datacenter);
  return [...groups].map(([datacenter, nodes]) => ({
    datacenter,
    silent: nodes.map(({ node }) => node),
  }));
}

const SIGNS: Readonly<Record<Finding['verdict'], string>> = { ok: '✓', problem: '✗', unknown: '?' };

function section(silent: readonly string[], findings: readonly Finding[]): string {
  const names = silent.map(displayName).join(', ');
  const header =
    silent.length === 1
      ? vscode.l10n.t('{0} never answered. What was checked:', names)
      : vscode.l10n.t('{0} nodes never answered: {1}. What was checked:', silent.length, names);
  const lines = findings.flatMap(({ verdict, what, evidence, advice }) => [
    `  ${SIGNS[verdict]} ${what}`,
    `      ${evidence}`,
    ...(advice ? [`      → ${advice}`] : []),
  ]);
  return [header, '', ...lines].join('\n');
}
