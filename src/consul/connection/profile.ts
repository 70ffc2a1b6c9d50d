import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { crossMistakes } from './profileRules.ts';
import { type ConnectionProfile, Profile } from './profileSchema.ts';

export interface ProfileReading {
  readonly profiles: readonly ConnectionProfile[];
  /** One sentence each, naming the connection, the field and what to write. */
  readonly mistakes: readonly string[];
}

/**
 * Reads the list of connections from the settings. A profile with a mistake is left out, never used
 * in part: what is left of it could be another cluster, or the same one with less protection.
 */
export function readProfiles(setting: unknown): ProfileReading {
  if (setting === undefined || setting === null) return { profiles: [], mistakes: [] };
  if (!Array.isArray(setting)) {
    return { profiles: [], mistakes: [t('The list of connections is no list: write it in [ ].')] };
  }
  const profiles: ConnectionProfile[] = [];
  const mistakes: string[] = [];
  for (const [i, entry] of (setting as unknown[]).entries()) {
    const { profile, mistakes: found } = readProfile(entry);
    const label = nameOf(entry) ?? t('number {0}', i + 1);
    mistakes.push(...found.map((mistake) => t('Connection {0}: {1}', label, mistake)));
    if (!profile) continue;
    if (profiles.some(({ name }) => name === profile.name)) {
      mistakes.push(
        t('Connection {0}: another one has this name already; write a different “name”.', label),
      );
    } else profiles.push(profile);
  }
  return { profiles, mistakes };
}

/**
 * Reads one connection.
 * @returns either a profile or at least one mistake
 */
export function readProfile(entry: unknown): {
  readonly profile?: ConnectionProfile;
  readonly mistakes: readonly string[];
} {
  const parsed = v.safeParse(Profile, entry);
  if (!parsed.success) return { mistakes: parsed.issues.map(sentence) };
  const mistakes = crossMistakes(parsed.output);
  return mistakes.length > 0 ? { mistakes } : { profile: parsed.output, mistakes };
}

function nameOf(entry: unknown): string | undefined {
  const name =
    entry !== null && typeof entry === 'object' && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? `“${name.trim()}”` : undefined;
}

/**
 * valibot's issue as a sentence. Its own `message` functions would not do: they are called before
 * the path is known.
 */
function sentence(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  const { received } = issue;
  switch (issue.type) {
    case 'non_empty':
      return t('“{0}” is empty: write a value or remove the field.', field);
    case 'boolean':
      return t('“{0}” must be true or false, not {1}.', field, received);
    case 'picklist': {
      const choices = (issue.expected ?? '').replace(/[()"]/g, '').split(' | ').join(', ');
      // What was written is not repeated: it may be a token in the wrong place.
      return t('“{0}” must be one of {1}.', field, choices);
    }
    case 'strict_object':
      return wrongShape(issue, field);
    default:
      return t('“{0}” must be a text in quotes, not {1}.', field, received);
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
    ? t('it must be an object in { }, not {0}.', received)
    : t('“{0}” must be an object in { }, not {1}.', field, received);
}
