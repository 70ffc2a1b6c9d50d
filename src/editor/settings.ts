import * as vscode from 'vscode';
import type { ConnectionProfile } from '../consul/connection/profileSchema.ts';
import { parseWait } from '../consul/duration.ts';
import { PrefixError, requirePrefix } from '../exec/keys.ts';
import { SETTINGS } from './contributions.ts';
import { UserError } from './userError.ts';

/** Settings that decide where a run goes, what is asked before it and what is kept of it. */
interface OwnSettings {
  readonly address: string;
  readonly prefix: string;
  readonly wait: string;
  readonly replicationWait: string;
  readonly shell: boolean;
  readonly confirmAbove: number;
  readonly 'history.enabled': boolean;
  readonly 'history.maxAgeDays': number;
  readonly 'history.maxRuns': number;
  readonly 'history.maxMegabytes': number;
}

/**
 * A setting as the user, or the machine of a remote window, wrote it; nothing that a workspace says
 * counts, whatever the scope that the manifest declares.
 * @throws UserError naming the setting when its value is of another type
 */
export function ownSetting<Key extends keyof OwnSettings>(key: Key): OwnSettings[Key] {
  const { written, standard } = inspect(key);
  const value = written ?? standard;
  if (typeof value === typeof standard) return value as OwnSettings[Key];
  throw new UserError(typeMistake(`${SETTINGS}.${key}`, typeof standard));
}

/** The list of connections as it is written: anything that JSON can hold. */
export function writtenConnections(): unknown {
  return inspect('connections').written;
}

function inspect(key: string): { readonly written: unknown; readonly standard: unknown } {
  const found = vscode.workspace.getConfiguration(SETTINGS).inspect<unknown>(key);
  return { written: found?.globalValue, standard: found?.defaultValue };
}

/** What was written is not repeated: it may be anything. */
function typeMistake(name: string, expected: string): string {
  switch (expected) {
    case 'string':
      return vscode.l10n.t('“{0}” in the settings must be a text in quotes.', name);
    case 'boolean':
      return vscode.l10n.t('“{0}” in the settings must be true or false.', name);
    default:
      return vscode.l10n.t('“{0}” in the settings must be a number.', name);
  }
}

/** Settings of a run, with the CLI's meaning. Durations are milliseconds. */
export interface RunSettings {
  readonly prefix: string;
  readonly quietMs: number;
  readonly replicationWaitMs: number;
}

/**
 * The settings for runs through a connection: its profile's own, else those for all.
 * @param profile undefined for the environment's connection
 * @throws PrefixError and DurationError, whose sentences name the text that is wrong; UserError for a
 * setting that is no text
 */
export function readRunSettings(profile: ConnectionProfile | undefined): RunSettings {
  const { prefix, wait, replicationWait } = profile ?? {};
  return {
    prefix: requirePrefix(prefix ?? ownSetting('prefix')),
    quietMs: quietTime(wait ?? ownSetting('wait')),
    replicationWaitMs: parseWait(replicationWait ?? ownSetting('replicationWait')),
  };
}

/** What is wrong with a profile's own settings of runs, for the list of mistakes in profiles. */
export function runMistakes({ prefix }: ConnectionProfile): string[] {
  try {
    if (prefix !== undefined) requirePrefix(prefix);
    return [];
  } catch (error) {
    if (!(error instanceof PrefixError)) throw error;
    return [vscode.l10n.t('“{0}”: {1}', 'prefix', error.message)];
  }
}

/** Below this a run would end before gossip has reached anybody. */
const MIN_QUIET_MS = 200;

/** @throws DurationError */
export function quietTime(wait: string): number {
  return Math.max(MIN_QUIET_MS, parseWait(wait));
}

/** Whether a typed command goes through the agents' shell, unless the user says otherwise. */
export function usesShell(): boolean {
  return ownSetting('shell');
}
