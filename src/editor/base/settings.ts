import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../consul/connection/profileSchema.ts';
import { parseWait } from '../../consul/duration.ts';
import type { Guard } from '../../exec/guard/guardJob.ts';
import type { OutputLimits } from '../../exec/cap/outputLimit.ts';
import { PrefixError, requirePrefix } from '../../exec/protocol/keys.ts';
import { SETTINGS } from './contributions.ts';
import { UserError } from './userError.ts';

/** Settings that decide where a run goes, what is confirmed, and what is saved. */
interface UserSettings {
  readonly address: string;
  readonly prefix: string;
  readonly wait: string;
  readonly replicationWait: string;
  readonly shell: boolean;
  readonly guard: boolean;
  readonly timeLimit: string;
  readonly confirmAbove: number;
  /** `automatic`, `quickPick`, or `view`. */
  readonly review: string;
  /** `off`, `read`, or `propose`. */
  readonly assistants: string;
  readonly 'outputLimit.megabytesPerNode': number;
  readonly 'outputLimit.megabytesPerRun': number;
  readonly 'history.enabled': boolean;
  readonly 'history.maxAgeDays': number;
  readonly 'history.maxRuns': number;
  readonly 'history.maxMegabytes': number;
}

/**
 * A setting as set by the user, or on the machine of a remote window. A workspace can't set it,
 * regardless of the scope in the manifest.
 * @throws UserError naming the setting when its value is of another type
 */
export function userSetting<Key extends keyof UserSettings>(key: Key): UserSettings[Key] {
  const { written, standard } = inspect(key);
  const value = written ?? standard;
  if (typeof value === typeof standard) return value as UserSettings[Key];
  throw new UserError(typeMistakeMessage(`${SETTINGS}.${key}`, typeof standard));
}

/** The list of connections as it is in settings.json: any JSON value. */
export function writtenConnections(): unknown {
  return inspect('connections').written;
}

/** The saved sets as they are in settings.json: any JSON value. */
export interface WrittenSets {
  readonly user: unknown;
  /** Of a workspace, unless the window is in Restricted Mode. Anyone who can change its files wrote them. */
  readonly workspace: unknown;
}

export function writtenSets(): WrittenSets {
  const { written, ofWorkspace } = inspect('sets');
  return { user: written, workspace: vscode.workspace.isTrusted ? ofWorkspace : undefined };
}

/** Writes the saved sets of the user, or of the workspace. */
export function writeSets(sets: readonly unknown[], inWorkspace: boolean): Thenable<void> {
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const target = inWorkspace ? Workspace : Global;
  return vscode.workspace.getConfiguration(SETTINGS).update('sets', sets, target);
}

function inspect(key: string) {
  const found = vscode.workspace.getConfiguration(SETTINGS).inspect<unknown>(key);
  return {
    written: found?.globalValue,
    standard: found?.defaultValue,
    ofWorkspace: found?.workspaceValue,
  };
}

/** Leaves out the actual value: it can be any JSON. */
function typeMistakeMessage(name: string, expected: string): string {
  switch (expected) {
    case 'string':
      return vscode.l10n.t('"{0}" must be a string in quotes.', name);
    case 'boolean':
      return vscode.l10n.t('"{0}" must be true or false.', name);
    default:
      return vscode.l10n.t('"{0}" must be a number.', name);
  }
}

/** Settings of a run; they mean the same as in the CLI. Durations are in milliseconds. */
export interface RunSettings {
  readonly prefix: string;
  readonly quietMs: number;
  readonly replicationWaitMs: number;
}

/**
 * The settings for runs on a connection: from its profile, else the general ones.
 * @param profile undefined for the environment's connection
 * @throws PrefixError and DurationError, whose messages name the invalid text; UserError for a setting
 * that isn't a string
 */
export function readRunSettings(profile: ConnectionProfile | undefined): RunSettings {
  const { prefix, wait, replicationWait } = profile ?? {};
  return {
    prefix: requirePrefix(prefix ?? userSetting('prefix')),
    quietMs: quietTime(wait ?? userSetting('wait')),
    replicationWaitMs: parseWait(replicationWait ?? userSetting('replicationWait')),
  };
}

/**
 * How runs on a connection are guarded, unless the user changes that for one: from its profile, else by
 * the general settings.
 * @returns undefined for runs without a guard
 * @throws DurationError; UserError for a setting of another type
 */
export function readGuard(profile: ConnectionProfile | undefined): Guard | undefined {
  if (!(profile?.guard ?? userSetting('guard'))) return undefined;
  return guardWithLimit(profile?.timeLimit ?? userSetting('timeLimit'));
}

/** @param limit a duration; 0 for none @throws DurationError */
export function guardWithLimit(limit: string): Guard {
  const seconds = Math.ceil(parseWait(limit) / 1000);
  return seconds === 0 ? {} : { timeLimitSeconds: Math.min(seconds, MAX_LIMIT_SECONDS) };
}

/** A year: shells count in numbers of their own size. */
const MAX_LIMIT_SECONDS = 365 * 24 * 3600;

/** Validates the run settings of a profile. @returns one sentence for each mistake */
export function runMistakes({ prefix }: ConnectionProfile): string[] {
  try {
    if (prefix !== undefined) requirePrefix(prefix);
    return [];
  } catch (error) {
    if (!(error instanceof PrefixError)) throw error;
    return [vscode.l10n.t('"{0}": {1}', 'prefix', error.message)];
  }
}

/** With less, a run would end before gossip reaches any node. */
const MIN_QUIET_MS = 200;

/** @throws DurationError */
export function quietTime(wait: string): number {
  return Math.max(MIN_QUIET_MS, parseWait(wait));
}

/** Whether links above scripts, cells, and blocks are shown. A workspace can set this too. */
export function areLensesOn(): boolean {
  return vscode.workspace.getConfiguration(SETTINGS).get('lenses') !== false;
}

const MEGABYTE = 1024 * 1024;

/** How much output a run collects. @throws UserError for a setting that isn't a number */
export function outputLimits(): OutputLimits {
  const bytes = (megabytes: number) => Math.max(0, Math.round(megabytes * MEGABYTE));
  return {
    perNode: bytes(userSetting('outputLimit.megabytesPerNode')),
    perRun: bytes(userSetting('outputLimit.megabytesPerRun')),
  };
}

/** Whether a typed command runs through the agents' shell, unless the user changes that. */
export function usesShell(): boolean {
  return userSetting('shell');
}
