import type { RecoveryPart } from '../../exec/guard/recoverResults.ts';
import { missingResults } from '../../runs/model/missingResults.ts';
import { nodesIn } from '../../runs/model/runNodes.ts';
import type { Run } from '../../runs/run.ts';
import type { RunSettings } from '../base/settings.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { placeIn, type RunPlace } from '../connections/runPlace.ts';

/** The places of a run that was read from the history. */
export function placesOf(
  { info, session }: Run,
  connection: OpenConnection,
  settings: RunSettings,
): Promise<readonly RunPlace[]> {
  const prefix = session?.prefix ?? settings.prefix;
  return Promise.all(
    info.datacenters.map((datacenter) => placeIn(connection, datacenter, { ...settings, prefix })),
  );
}

/**
 * The nodes of a guarded run whose results are missing, by datacenter: never more than the run's.
 * @param among labels; undefined for all nodes
 */
export function missingParts(
  { info, ledger }: Run,
  places: readonly RunPlace[],
  among?: readonly string[],
): RecoveryPart[] {
  if (!info.guard) return [];
  const missing = missingResults(ledger, among);
  return places.flatMap(({ datacenter, consul, options }) => {
    const names = [...nodesIn(info, [...missing.keys()], datacenter)];
    if (names.length === 0) return [];
    const nodes = new Map(
      names.flatMap(([name, label]) => {
        const has = missing.get(label);
        return has ? [[name, has] as const] : [];
      }),
    );
    return [{ datacenter, request: { consul, runId: info.id, nodes, options } }];
  });
}
