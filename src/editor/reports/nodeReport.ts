import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import type { AgentSelf } from '../../consul/agent.ts';
import type { Consul } from '../../consul/consul.ts';
import type { ExaminedNodes, Finding } from '../../exec/doctor/finding.ts';
import { nodesIn } from '../../runs/model/runNodes.ts';
import type { Run } from '../../runs/run.ts';
import { views } from '../base/contributions.ts';
import { UserError } from '../base/userError.ts';
import type { ConnectionService, OpenConnection } from '../connections/connectionService.ts';
import { consulIn } from '../connections/runPlace.ts';
import type { Reports } from './reports.ts';

export interface NodeReportServices {
  readonly connections: ConnectionService;
  readonly reports: Reports;
}

/** The nodes of one datacenter that a report is about. */
export interface ExaminedPlace {
  /** In that datacenter. */
  readonly consul: Consul;
  /** The contacted agent; undefined if the token can't read it. */
  readonly self: AgentSelf | undefined;
  readonly datacenter: string;
  /** As their own agents know them. */
  readonly nodes: readonly string[];
}

interface Question {
  readonly title: string;
  /** The first line of a datacenter's section. */
  readonly header: (names: string, count: number) => string;
  readonly examine: (place: ExaminedPlace) => Promise<readonly Finding[]>;
}

/**
 * Examines nodes of a run and shows the findings.
 * @param labels the nodes, as the run names them; at least one
 * @throws UserError when another connection than the run's is active; what the examination throws
 */
export async function nodeReport(
  { connections, reports }: NodeReportServices,
  run: Run,
  labels: readonly string[],
  { title, header, examine }: Question,
): Promise<void> {
  const connection = await connections.open();
  const examined = await vscode.window.withProgress({ location: { viewId: views.runs } }, () =>
    examineNodes(connection, run, labels, examine),
  );
  const sections = examined.map(({ nodes, findings }) =>
    sectionText(header(nodes.map(displayName).join(', '), nodes.length), findings),
  );
  await reports.show(title, sections.join('\n\n'));
}

/**
 * @param labels the nodes, as the run names them
 * @throws UserError when this is another connection than the run's; what the examination throws
 */
export function examineNodes(
  connection: OpenConnection,
  run: Run,
  labels: readonly string[],
  examine: Question['examine'],
): Promise<ExaminedNodes[]> {
  if (connection.name !== run.info.connection) {
    throw new UserError(
      vscode.l10n.t(
        'This run used the connection "{0}". Switch to it to check its nodes.',
        run.info.connection,
      ),
    );
  }
  return Promise.all(
    byDatacenter(run, labels).map(async ({ datacenter, nodes }) => {
      const consul = consulIn(connection, datacenter);
      const findings = await examine({ consul, self: connection.self, datacenter, nodes });
      return { datacenter, nodes, findings };
    }),
  );
}

function byDatacenter({ info }: Run, labels: readonly string[]) {
  return info.datacenters
    .map((datacenter) => ({ datacenter, nodes: [...nodesIn(info, labels, datacenter).keys()] }))
    .filter(({ nodes }) => nodes.length > 0);
}

/** What is wrong comes first, then what only the nodes can say. */
const VERDICT_SIGNS: readonly (readonly [Finding['verdict'], string])[] = [
  ['problem', '✗'],
  ['unknown', '?'],
  ['ok', '✓'],
];

/** Several findings can have the same advice, which is given once. */
function sectionText(header: string, findings: readonly Finding[]): string {
  const ordered = VERDICT_SIGNS.flatMap(([verdict, sign]) =>
    findings
      .filter((finding) => finding.verdict === verdict)
      .map((finding) => ({ ...finding, sign })),
  );
  const given = new Set<string>();
  const lines = ordered.flatMap(({ sign, summary, evidence, advice }) => {
    const isNew = advice !== undefined && !given.has(advice);
    if (isNew) given.add(advice);
    return [`  ${sign} ${summary}`, `      ${evidence}`, ...(isNew ? [`      → ${advice}`] : [])];
  });
  return [header, '', ...lines].join('\n');
}
