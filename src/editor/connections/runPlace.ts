import { findSessionNode } from '../../consul/catalog/datacenters.ts';
import type { Consul } from '../../consul/consul.ts';
import type { ProtocolOptions } from '../../exec/run/runJob.ts';
import type { RunSettings } from '../base/settings.ts';
import type { OpenConnection } from './connectionService.ts';

/** Where a job runs in one datacenter, and how. */
export interface RunPlace {
  readonly datacenter: string;
  readonly consul: Consul;
  readonly options: ProtocolOptions;
}

/** A client whose requests go to this datacenter. */
export function consulIn(connection: OpenConnection, datacenter: string): Consul {
  const isDefault = datacenter === connection.datacenter;
  return isDefault ? connection.consul : connection.consul.in(datacenter);
}

/** How to run a job of ours in a datacenter; without a session node if none can be found. */
export async function placeIn(
  connection: OpenConnection,
  datacenter: string,
  settings: RunSettings,
  signal?: AbortSignal,
): Promise<RunPlace> {
  const { self } = connection;
  const consul = consulIn(connection, datacenter);
  const sessionNode = await findSessionNode(consul, self, signal).catch(() => undefined);
  const options = { ...settings, kvLimit: self?.kvMaxValueSize, sessionNode };
  return { datacenter, consul, options };
}
