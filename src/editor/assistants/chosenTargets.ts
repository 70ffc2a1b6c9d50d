import * as vscode from 'vscode';
import type { ChosenTargets } from '../../assistants/answers/targetList.ts';
import type { TargetsInput } from '../../assistants/toolInputs.ts';
import { type Directive, DIRECTIVE_KEYS, namesTargets } from '../../exec/directive/directive.ts';
import { directiveTargets } from '../../exec/directive/directiveTargets.ts';
import { directiveOfValues } from '../../exec/directive/valuesDirective.ts';
import { ALL_NODES, describeSelection } from '../../exec/targeting/targetSelection.ts';
import { withoutEscapes } from '../base/plainLabel.ts';
import { readRunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { ConnectionService, OpenConnection } from '../connections/connectionService.ts';
import { chooseByDirective } from '../directive/directiveChoice.ts';
import { datacenterWarnings, unreachableWarnings } from '../pick/review/datacenterWarnings.ts';
import { attentionWarnings, selectionWarnings } from '../pick/review/selectionWarnings.ts';
import { setWarnings } from '../pick/review/setWarnings.ts';
import { TargetDatacenters } from '../pick/session/datacenterTargets.ts';
import { labelsIn } from '../pick/session/lastSelection.ts';
import type { ChoiceSession } from '../pick/session/pickSession.ts';
import { canPropose } from './access.ts';

/**
 * The directive that says the same as the input of a tool.
 * @throws UserError that names the first mistake
 */
export function directiveOf(input: TargetsInput): Directive {
  const values = new Map(Object.entries(input));
  const directive = directiveOfValues(
    DIRECTIVE_KEYS.flatMap((key) => {
      const value = values.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  const [problem] = directive.problems;
  if (problem) throw new UserError(problem.message);
  return directive;
}

/** @throws UserError if the connection needs a secret that only the user has; as `openQuietly` */
export async function openForAssistant(connections: ConnectionService): Promise<OpenConnection> {
  const connection = await connections.openQuietly(new AbortController().signal);
  if (connection) return connection;
  throw new UserError(
    vscode.l10n.t(
      'The connection needs a secret that is not stored. The user can connect, for example by opening the Fleet view.',
    ),
  );
}

/**
 * Finds the nodes that the input of a tool means now, and what a review would warn about. All nodes if
 * it names none.
 * @throws UserError for mistakes in it; ConsulError
 */
export async function findTargets(
  connections: ConnectionService,
  input: TargetsInput,
): Promise<ChosenTargets> {
  const directive = directiveOf(input);
  const connection = await openForAssistant(connections);
  const settings = readRunSettings(connection.profile);
  const names = directiveTargets(directive).datacenters;
  const datacenters = await TargetDatacenters.open(connection, names, settings.prefix);
  try {
    return await describeTargets({ connection, settings, datacenters }, directive);
  } finally {
    datacenters.dispose();
  }
}

async function describeTargets(
  session: ChoiceSession,
  directive: Directive,
): Promise<ChosenTargets> {
  const { connection, datacenters } = session;
  const choice = namesTargets(directive) ? await chooseByDirective(session, directive) : undefined;
  const selection = choice?.selection ?? ALL_NODES;
  const targets = datacenters.targets(selection);
  const { reached, unreachable } = targets;
  const labels = datacenters.reachedLabels(selection);
  const wanted = choice ? labelsIn(choice.selected, labels) : new Set(labels);
  const selected = reached.filter(({ label }) => wanted.has(label));
  const warnings = [
    ...(choice?.warnings ?? []),
    ...setWarnings(session, choice?.origin, targets),
    ...selectionWarnings(session, selection).map(({ text }) => text),
    ...attentionWarnings(selected),
    ...unreachableWarnings(unreachable),
    ...datacenterWarnings(session),
  ];
  const nodes = [
    ...selected.map((target) => ({ ...target, isReached: true })),
    ...unreachable.map((target) => ({ ...target, isReached: false })),
  ];
  return {
    connection: connection.name,
    production: connection.production,
    canPropose: canPropose(connection),
    datacenters: datacenters.all.map(({ datacenter }) => datacenter),
    choice: describeSelection(selection),
    nodes: nodes.map(({ datacenter, ...node }) => ({ ...node, datacenter: datacenter.datacenter })),
    warnings: warnings.map(withoutEscapes),
  };
}
