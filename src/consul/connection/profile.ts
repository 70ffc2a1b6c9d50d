import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { crossMistakes } from './profileRules.ts';
import { type ConnectionProfile, Profile } from './profileSchema.ts';

export interface ProfileReading {
  readonly profiles: readonly ConnectionProfile[];
  readonly mistakes: readonly ProfileMistake[];
}

interface ProfileMistake {
  /** The name of the connection that has it; undefined when it has none, or is the list itself. */
  readonly connection?: string | undefined;
  /** Names the connection, the field and what to write. */
  readonly sentence: string;
}

/** What only a room above can tell of a profile: a sentence for each mistake. */
export type ProfileRule = (profile: ConnectionProfile) => readonly string[];

/**
 * Reads the list of connections from the settings. A profile with a mistake is left out, never used
 * in part: what is left of it could be another cluster, or the same one with less protection. For the
 * same reason none of several with one name is used: which is meant cannot be told.
 */
export function readProfiles(setting: unknown, rule: ProfileRule = () => []): ProfileReading {
  if (setting === undefined || setting === null) return { profiles: [], mistakes: [] };
  if (!Array.isArray(setting)) {
    const sentence = t('The list of connections is no list: write it in [ ].');
    return { profiles: [], mistakes: [{ sentence }] };
  }
  const profiles: ConnectionProfile[] = [];
  const mistakes: ProfileMistake[] = [];
  const names = writtenNames(setting);
  const isShared = (name: string | undefined) =>
    name !== undefined && names.filter((other) => other === name).length > 1;
  for (const [i, entry] of (setting as unknown[]).entries()) {
    const { profile, mistakes: found } = readProfile(entry, rule);
    const connection = nameOf(entry);
    const label = connection === undefined ? t('number {0}', i + 1) : `“${connection}”`;
    const blame = (mistake: string) =>
      mistakes.push({ connection, sentence: t('Connection {0}: {1}', label, mistake) });
    found.forEach(blame);
    if (connection !== undefined && isShared(connection)) {
      if (names.indexOf(connection) === i) {
        blame(t('several have this name, so none of them is used: give each a “name” of its own.'));
      }
    } else if (profile) profiles.push(profile);
  }
  return { profiles, mistakes };
}

/** The names in the list, by their place in it, whether or not the connections can be used. */
export function writtenNames(setting: unknown): readonly (string | undefined)[] {
  return Array.isArray(setting) ? setting.map(nameOf) : [];
}

/**
 * Reads one connection.
 * @returns either a profile or at least one mistake
 */
export function readProfile(
  entry: unknown,
  rule: ProfileRule = () => [],
): {
  readonly profile?: ConnectionProfile;
  readonly mistakes: readonly string[];
} {
  const parsed = v.safeParse(Profile, entry);
  if (!parsed.success) return { mistakes: parsed.issues.map(sentence) };
  const mistakes = [...crossMistakes(parsed.output), ...rule(parsed.output)];
  return mistakes.length > 0 ? { mistakes } : { profile: parsed.output, mistakes };
}

function nameOf(entry: unknown): string | undefined {
  const name =
    entry !== null && typeof entry === 'object' && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}

/**
 * valibot's issue as a sentence. Its own `message` functions would not do: they are called before
 * the path is known. What was written is not repeated: it may be a token in the wrong place.
 */
function sentence(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  switch (issue.type) {
    case 'non_empty':
      return t('“{0}” is empty: write a value or remove the field.', field);
    case 'boolean':
      return t('“{0}” must be true or false, without quotes.', field);
    case 'picklist': {
      const choices = (issue.expected ?? '').replace(/[()"]/g, '').split(' | ').join(', ');
      return t('“{0}” must be one of {1}.', field, choices);
    }
    case 'strict_object':
      return wrongShape(issue, field);
    default:
      return t('“{0}” must be a text in quotes.', field);
  }
}

/** Fields people try to put a secret in. */
const SECRET = /token|password|secret|auth/i;

function wrongShape({ expected, received }: v.BaseIssue<unknown>, field: string): string {
  if (expected === 'never') {
    return SECRET.test(field)
      ? t(
          '“{0}” does not belong into the settings, which are no place for secrets: remove it, and choose a “tokenSource”.',
          field,
        )
      : t('“{0}” is no field of a connection: remove it or correct its spelling.', field);
  }
  if (received === 'undefined') return t('“{0}” is missing: write it.', field);
  return field === ''
    ? t('it must be an object in { }.')
    : t('“{0}” must be an object in { }.', field);
}
