import { ANY, type Choice } from '../../exec/choice.ts';
import { splitNodeLabel } from '../../exec/nodeLabel.ts';
import { datacentersOf, type RunInfo } from '../../runs/run.ts';
import type { Again } from '../launch/launch.ts';

/** The same job on these nodes of the same datacenters, through the same connection. */
export function againOn(info: RunInfo, labels: readonly string[]): Again {
  const datacenters = datacentersOf(info);
  const names = datacenters.length > 1 ? labels.map((label) => splitNodeLabel(label).node) : labels;
  const choice = { service: ANY, tag: ANY, node: { kind: 'exactly', names } } satisfies Choice;
  return { choice, ticked: new Set(labels), datacenters, connection: info.connection };
}
