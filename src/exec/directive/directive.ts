import { t } from '@vscode/l10n';

/** What a script says about its run, in comments such as `# consul-exec: service=web nodes=web[01-20]`. */
export interface Directive {
  readonly entries: readonly DirectiveEntry[];
  /** Mistakes, in the order of the text. A directive with mistakes has no effect. */
  readonly problems: readonly DirectiveProblem[];
}

export interface DirectiveEntry {
  readonly key: DirectiveKey;
  /** Without its quotes. */
  readonly value: string;
  /** Where the value is, with its quotes. */
  readonly place: TextPlace;
}

/** A part of one line of a document. Lines and columns are counted from 0. */
export interface TextPlace {
  readonly line: number;
  readonly from: number;
  /** The column after it. */
  readonly to: number;
}

export interface DirectiveProblem {
  readonly place: TextPlace;
  /** One sentence, and what to do. */
  readonly message: string;
  /** What to write in that place instead, if that is clear. */
  readonly fix?: string | undefined;
}

export const DIRECTIVE_KEYS = [
  'service',
  'tag',
  'nodes',
  'where',
  'set',
  'datacenter',
  'connection',
  'limit',
  'cap',
  'steps',
] as const;

export type DirectiveKey = (typeof DIRECTIVE_KEYS)[number];

/** Keys that say which nodes run the script, in place of a saved set. */
const KEYS_BESIDE_SET: ReadonlySet<DirectiveKey> = new Set(['service', 'tag', 'nodes', 'where']);

/** Keys that choose nodes in a datacenter. */
export const NODE_KEYS: ReadonlySet<DirectiveKey> = new Set([...KEYS_BESIDE_SET, 'set']);

/** Keys that say where the script runs. */
const TARGET_KEYS: ReadonlySet<DirectiveKey> = new Set([...NODE_KEYS, 'datacenter']);

export function isDirectiveKey(text: string): text is DirectiveKey {
  return (DIRECTIVE_KEYS as readonly string[]).includes(text);
}

/** The value of a key, if the directive has it. */
export function valueOf({ entries }: Directive, key: DirectiveKey): string | undefined {
  return entries.find((entry) => entry.key === key)?.value;
}

/** Whether it says which nodes run the script. */
export function namesTargets({ entries }: Directive): boolean {
  return entries.some(({ key }) => TARGET_KEYS.has(key));
}

export function isEmptyDirective({ entries, problems }: Directive): boolean {
  return entries.length === 0 && problems.length === 0;
}

/**
 * One directive from what is written in several places, such as that of a block from its own and those of
 * its headings. A key of an inner one replaces the same key of an outer one; a service also replaces the
 * tag, and a saved set replaces, and is replaced by, what else says which nodes.
 * @param directives from the outermost to the innermost
 */
export function inheritDirectives(directives: readonly Directive[]): Directive {
  let entries: readonly DirectiveEntry[] = [];
  for (const inner of directives) {
    const replaced = new Set<DirectiveKey>(inner.entries.map(({ key }) => key));
    if (replaced.has('service')) replaced.add('tag');
    if (!replaced.isDisjointFrom(KEYS_BESIDE_SET)) replaced.add('set');
    if (inner.entries.some(({ key }) => key === 'set')) {
      for (const key of KEYS_BESIDE_SET) replaced.add(key);
    }
    entries = [...entries.filter(({ key }) => !replaced.has(key)), ...inner.entries];
  }
  const problems = directives.flatMap((directive) => directive.problems);
  return { entries, problems: [...problems, ...combinationProblems(entries)] };
}

/** Keys that don't go together. */
function combinationProblems(entries: readonly DirectiveEntry[]): DirectiveProblem[] {
  const problems: DirectiveProblem[] = [];
  const has = (key: DirectiveKey) => entries.some((entry) => entry.key === key);
  const beside = entries.find(({ key }) => KEYS_BESIDE_SET.has(key));
  if (beside && has('set')) {
    const message = t('A saved set has its nodes. Remove "{0}" or "set".', beside.key);
    problems.push({ place: beside.place, message });
  }
  const tag = entries.find(({ key }) => key === 'tag');
  if (tag && !has('service')) {
    problems.push({ place: tag.place, message: t('A tag belongs to a service. Add "service=".') });
  }
  return problems;
}
