import type { Steps } from './steps.ts';

/** Bullets of a list. An input box turns line breaks into spaces, so the others can be anywhere. */
const BULLETS = {
  first: /^\s*(?:[-*•]|\d+[.)])\s+(?=[^\s!&^])/,
  all: /(?<=^|\s)(?:[-*•]|\d+[.)])\s+(?=[^\s!&^])/g,
};

/** Also in lists that are written with the full-width characters of Chinese and Japanese. */
const WORDS = /[^\s,;|、，；]+/gu;

/** Words of a sentence: `web-01, web-02 and web-03`. */
const CONJUNCTIONS: ReadonlySet<string> = new Set(['and', 'or', '&']);

/**
 * Reads a list of names as people paste it: from a ticket, monitoring, a table, YAML, or code.
 * @returns undefined for a single plain name, and for ranges and wildcards
 */
export function* splittingList(text: string): Steps<string[] | undefined> {
  const plain = withoutBrackets(BULLETS.first.test(text) ? text.replace(BULLETS.all, '') : text);
  if (/[[\]*?!^]|&\S|\S&/.test(plain)) return undefined;
  yield;
  const unnamed = plain.includes('=') ? plain.replace(/\w+=(?=["'])/g, '') : plain;
  const names: string[] = [];
  for (const [word] of unnamed.matchAll(WORDS)) {
    yield;
    names.push(...bareNames(word).filter((name) => name !== '' && !CONJUNCTIONS.has(name)));
  }
  return names.length > 1 || (names.length === 1 && names[0] !== text) ? names : undefined;
}

/** `[web-01, web-02]` of YAML and `{web-01,db-1}` of a shell. `[ab]` is a set of characters. */
function withoutBrackets(text: string): string {
  const inside = /^(?:\[([^[\]]*,[^[\]]*)\]|\{([^{}]*,[^{}]*)\})$/.exec(text);
  const list = inside?.[1] ?? inside?.[2];
  if (list === undefined) return text;
  return list.split(',').every((item) => /^\s*["']?[\w.-]{2,}["']?\s*$/.test(item)) ? list : text;
}

/**
 * Names without quotes, brackets, punctuation, and what makes one an address
 * (`http://web-01:9100/`). A colon or slash between names separates them.
 */
function bareNames(word: string): string[] {
  if (/^[\w-]+(?:\.[\w-]+)*$/.test(word)) return [word];
  const bare = word.replace(/^[("'`<{]+|[)"'`>:.}]+$/g, '');
  const url = /^\w+:\/\/(?:[^@/]*@)?([^/:]+)/.exec(bare);
  if (url) return [url[1] ?? ''];
  return bare.replace(/:\d+(?=\/|$)/g, '').split(/[:/]/);
}

/** Fields that hold a node's name in JSON of Consul, of our export, and of monitoring. */
export const NAME_FIELDS = ['Node', 'node', 'Name', 'name', 'host', 'hostname', 'instance'];

/** @returns undefined for a text that is not JSON, or has no name in it */
export function* findingNamesInJson(text: string): Steps<string[] | undefined> {
  if (!/^[[{]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  yield;
  const names: string[] = [];
  yield* addNames(value, names);
  return names.length > 0 ? names : undefined;
}

/** Adds the strings of a list, and fields that hold a name, at any depth. */
function* addNames(value: unknown, names: string[]): Steps<void> {
  yield;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      if (typeof item === 'string') names.push(item);
      else yield* addNames(item, names);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const field of NAME_FIELDS) {
    const name = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (typeof name === 'string') {
      names.push(name);
      return;
    }
  }
  for (const inner of Object.values(fields)) yield* addNames(inner, names);
}
