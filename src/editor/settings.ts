import * as vscode from 'vscode';
import type { ConnectionProfile } from '../consul/connection/profileSchema.ts';
import { parseDuration } from '../consul/duration.ts';
import { requirePrefix } from '../exec/keys.ts';
import { SETTINGS } from './contributions.ts';

/** Settings of a run, with the CLI's meaning. Durations are milliseconds. */
export interface RunSettings {
  readonly prefix: string;
  readonly quietMs: number;
  readonly replicationWaitMs: number;
}

/**
 * The settings for runs through a connection: its profile's own, else those for all.
 * @param profile undefined for the environment's connection
 * @throws PrefixError and DurationError, whose sentences name the text that is wrong
 */
export function readRunSettings(profile: ConnectionProfile | undefined): RunSettings {
  const settings = vscode.workspace.getConfiguration(SETTINGS);
  const { prefix, wait, replicationWait } = profile ?? {};
  return {
    prefix: requirePrefix(prefix ?? settings.get('prefix', '_rexec')),
    quietMs: quietTime(wait ?? settings.get('wait', '2s')),
    replicationWaitMs: Math.max(
      0,
      parseDuration(replicationWait ?? settings.get('replicationWait', '0s')),
    ),
  };
}

/** Below this a run would end before gossip has reached anybody. */
const MIN_QUIET_MS = 200;

/** @throws DurationError */
export function quietTime(wait: string): number {
  return Math.max(MIN_QUIET_MS, parseDuration(wait));
}

/** Whether a typed command goes through the agents' shell, unless the user says otherwise. */
export function usesShell(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS).get('shell', true);
}
