import * as vscode from 'vscode';
import { parseDuration } from '../consul/duration.ts';
import { requirePrefix } from '../exec/keys.ts';
import { SETTINGS } from './contributions.ts';

/** Settings of a run, with the CLI's meaning. Durations are milliseconds. */
export interface RunSettings {
  readonly prefix: string;
  readonly quietMs: number;
  readonly replicationWaitMs: number;
  /** Whether a typed command goes through the agents' shell. */
  readonly shell: boolean;
}

/**
 * @throws PrefixError and DurationError, whose sentences name the text that is wrong
 */
export function readRunSettings(): RunSettings {
  const settings = vscode.workspace.getConfiguration(SETTINGS);
  return {
    prefix: requirePrefix(settings.get('prefix', '_rexec')),
    quietMs: Math.max(MIN_QUIET_MS, parseDuration(settings.get('wait', '2s'))),
    replicationWaitMs: Math.max(0, parseDuration(settings.get('replicationWait', '0s'))),
    shell: settings.get('shell', true),
  };
}

/** Below this a run would end before gossip has reached anybody. */
const MIN_QUIET_MS = 200;
