import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { crossMistakes } from './profileRules.ts';

/** Where a connection's token comes from; the token itself is never in a profile. */
export const TOKEN_SOURCES = ['none', 'environment', 'secret', 'file', 'prompt'] as const;

/** Colours of the editor's charts, which every theme has. */
export const PROFILE_COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;

const Text = v.pipe(v.string(), v.trim(), v.nonEmpty());
const Switch = v.boolean();

const Tls = v.strictObject({
  caFile: v.optional(Text),
  caPath: v.optional(Text),
  clientCert: v.optional(Text),
  clientKey: v.optional(Text),
  serverName: v.optional(Text),
  verify: v.optional(Switch, true),
});

const Profile = v.strictObject({
  name: Text,
  address: Text,
  datacenter: v.optional(Text),
  tls: v.optional(Tls, {}),
  basicAuthUser: v.optional(Text),
  tokenSource: v.optional(v.picklist(TOKEN_SOURCES)),
  tokenFile: v.optional(Text),
  proxy: v.optional(Text),
  stale: v.optional(Switch, false),
  production: v.optional(Switch, false),
  color: v.optional(v.picklist(PROFILE_COLORS)),
});

/**
 * A connection as the user writes it in the settings: how to reach one agent. It holds no secret:
 * tokens and passwords come from elsewhere.
 */
export type ConnectionProfile = v.InferOutput<typeof Profile>;

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
