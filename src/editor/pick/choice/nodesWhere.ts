import * as vscode from 'vscode';
import { FilterRefusedError, readFilteredNodes } from '../../../consul/catalog/filteredNodes.ts';
import type { ConsulError } from '../../../consul/errors/consulErrors.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { nodesOfStep } from '../inputs/namedNodes.ts';
import type { ChoiceSession } from '../session/pickSession.ts';

/**
 * Labels of the nodes of a service and tag for which the servers find a filter expression true.
 * @throws ConsulError
 */
export async function nodesWhere(
  { datacenters }: ChoiceSession,
  selection: TargetSelection,
  filter: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = await Promise.all(
    datacenters.all.map(async (datacenter) => ({
      datacenter,
      names: new Set(await readFilteredNodes(datacenter.consul, filter, signal)),
    })),
  );
  return nodesOfStep(datacenters, selection)
    .filter((target) =>
      names.some(
        (found) => found.datacenter === target.datacenter && found.names.has(target.node.name),
      ),
    )
    .map(({ label }) => label);
}

/** The servers' own words, and where in the expression. */
export function whereProblemMessage(error: ConsulError, text: string): string {
  if (!(error instanceof FilterRefusedError)) return error.message;
  const { message, position } = error;
  if (position === undefined) return vscode.l10n.t('Consul refused the expression: {0}', message);
  return position >= text.length
    ? vscode.l10n.t('Consul refused the expression at its end: {0}', message)
    : vscode.l10n.t(
        'Consul refused the expression at position {0}, "{1}": {2}',
        position + 1,
        text.slice(position, position + 20),
        message,
      );
}
