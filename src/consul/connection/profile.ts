import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { crossFieldMistakes } from './profileRules.ts';
import { type ConnectionProfile, Profile } from './profileSchema.ts';

export interface ProfileReading {
  readonly profiles: readonly ConnectionProfile[];
  readonly mistakes: readonly ProfileMistake[];
}

interface ProfileMistake {
  /** The connection with the mistake; undefined if it has no name, or if the list itself is wrong. */
  readonly connection?: string | undefined;
  /** Names the connection, the field and the remedy. */
  readonly sentence: string;
}

/** Validation supplied by a higher layer: returns a sentence for each mistake. */
export type ProfileRule = (profile: ConnectionProfile) => readonly string[];

/**
 * Reads the list of connections from the settings. A profile with a mistake is left out, never used
 * partially: the rest of it could mean another cluster, or the same cluster with less protection. For the
 * same reason, profiles that share a name are all left out: it is unclear which of them is meant.
 */
export function readProfiles(setting: unknown, rule: ProfileRule = () => []): ProfileReading {
  if (setting === undefined || setting === null) return { profiles: [], mistakes: [] };
  if (!Array.isArray(setting)) {
    const sentence = t('The list of connections must be an array. Put it in [ ].');
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
    const addMistake = (mistake: string) => {
      const sentence =
        connection === undefined
          ? t('Connection number {0}: {1}', i + 1, mistake)
          : t('Connection "{0}": {1}', connection, mistake);
      mistakes.push({ connection, sentence });
    };
    found.forEach(addMistake);
    if (connection !== undefined && isShared(connection)) {
      if (names.indexOf(connection) === i) {
        addMistake(
          t(
            'Several connections have this name, so none of them is used. Give each its own "name".',
          ),
        );
      }
    } else if (profile) profiles.push(profile);
  }
  return { profiles, mistakes };
}

/** The names of all connections in the list, in its order, including invalid connections. */
export function writtenNames(setting: unknown): readonly (string | undefined)[] {
  return Array.isArray(setting) ? setting.map(nameOf) : [];
}

/**
 * Validates one connection.
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
  if (!parsed.success) return { mistakes: parsed.issues.map(issueMessage) };
  const mistakes = [...crossFieldMistakes(parsed.output), ...rule(parsed.output)];
  return mistakes.length > 0 ? { mistakes } : { profile: parsed.output, mistakes };
}

function nameOf(entry: unknown): string | undefined {
  const name =
    entry !== null && typeof entry === 'object' && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}

/**
 * Converts a valibot issue to a sentence. valibot's own `message` functions can't do this, because they are
 * called before the path is known. The sentence doesn't repeat the value: it may be a misplaced token.
 */
function issueMessage(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  switch (issue.type) {
    case 'non_empty':
      return t('"{0}" is empty. Set a value or remove the field.', field);
    case 'boolean':
      return t('"{0}" must be true or false, without quotes.', field);
    case 'picklist': {
      const choices = (issue.expected ?? '').replace(/[()"]/g, '').split(' | ').join(', ');
      return t('"{0}" must be one of {1}.', field, choices);
    }
    case 'strict_object':
      return shapeMessage(issue, field);
    default:
      return t('"{0}" must be a string in quotes.', field);
  }
}

/** Unknown fields with these words probably contain a secret. */
const SECRET = /token|password|secret|auth/i;

function shapeMessage({ expected, received }: v.BaseIssue<unknown>, field: string): string {
  if (expected === 'never') {
    return SECRET.test(field)
      ? t('Don\'t put secrets in settings: remove "{0}" and set "tokenSource" instead.', field)
      : t('"{0}" is not a connection field. Remove it or correct its spelling.', field);
  }
  if (received === 'undefined') return t('"{0}" is missing. Add it.', field);
  return field === ''
    ? t('It must be an object in { }.')
    : t('"{0}" must be an object in { }.', field);
}
