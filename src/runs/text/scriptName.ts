/** Shown in place of the name of the temporary file to which an agent writes a script. */
export const SCRIPT_NAME = 'script';

/** Consul's agents create the file with the prefix `rexec` in TMPDIR (PROTOCOL.md §2.2). */
const PREFIX = 'rexec';
/** The folder of a guarded run, which has the script (PROTOCOL.md §9.2). */
const GUARD_PREFIX = 'consul-exec-';
const GUARDED_FILE = `${GUARD_PREFIX}[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}-\\d{1,10}/job`;
/** Go appends up to ten digits. */
const DIGITS = '-?\\d{1,10}';
const PATH_CHARACTER = '[\\w.+@%~/-]';

/** The longest folder that is recognized; a limit makes the search linear in the length of the text. */
const MAX_FOLDER_LENGTH = 400;
/** A path whose first characters contain no name of a script, up to this many, has none. */
const MAX_WORD_LENGTH = 1024;

/**
 * Matches an absolute path, or the file's name alone with so many digits that it is no other word. The
 * name can have an extension, for example in `"$0.lock"`.
 */
const SCRIPT_FILE = new RegExp(
  `(?<!${PATH_CHARACTER})` +
    `(?:/(?:${PATH_CHARACTER}{0,${MAX_FOLDER_LENGTH}}/)?(${PREFIX}${DIGITS}|${GUARDED_FILE})` +
    `|(${PREFIX}-?\\d{5,10}))` +
    '(?![\\w/-])',
  'g',
);

const WHOLE_NAME = new RegExp(`^${PREFIX}${DIGITS}$`);

/** Whether a file has the name that agents give to the temporary file of a script. */
export function isScriptFileName(name: string): boolean {
  return WHOLE_NAME.test(name);
}

/**
 * Replaces the name of the script's temporary file in the output of one node. The name differs on each
 * node, and the file is gone after the run. Only the first such name in an output is replaced, with all
 * its repetitions: a list of files in TMPDIR stays a list.
 */
export class ScriptFileNames {
  readonly #replacement: string;
  #own: string | undefined;

  constructor(replacement = SCRIPT_NAME) {
    this.#replacement = replacement;
  }

  /** @param text the next text of the output, which cuts no path */
  replace(text: string): string {
    if (!text.includes(PREFIX) && !text.includes(GUARD_PREFIX)) return text;
    return text.replace(SCRIPT_FILE, (path: string, withFolder?: string, alone?: string) => {
      const name = withFolder ?? alone;
      this.#own ??= name;
      return name === this.#own ? this.#replacement : path;
    });
  }
}

/** The same for bytes, decoded as `latin1`, that arrive in chunks cut anywhere. */
export class ScriptFileNameStream {
  readonly #names: ScriptFileNames;
  /** The beginning of a path, which may continue in the next chunk. */
  #held = '';
  /** The text is within a path that is too long. */
  #isSkipping = false;

  constructor(replacement: string) {
    this.#names = new ScriptFileNames(replacement);
  }

  /** Whether nothing is held back, so that a chunk without a name and a cut path passes unchanged. */
  get isIdle(): boolean {
    return this.#held === '' && !this.#isSkipping;
  }

  /** @returns the text whose paths are complete */
  push(chunk: string): string {
    let text = this.#held + chunk;
    let passed = '';
    this.#held = '';
    if (this.#isSkipping) {
      const end = text.search(WORD_END);
      if (end === -1) return text;
      passed = text.slice(0, end);
      text = text.slice(end);
      this.#isSkipping = false;
    }
    const start = wordStart(text);
    if (text.length - start > MAX_WORD_LENGTH) {
      this.#isSkipping = true;
      return passed + this.#names.replace(text);
    }
    this.#held = text.slice(start);
    return passed + this.#names.replace(text.slice(0, start));
  }

  end(): string {
    const rest = this.#names.replace(this.#held);
    this.#held = '';
    return rest;
  }
}

const WORD_END = new RegExp(PATH_CHARACTER.replace('[', '[^'));

/** Whether a chunk can contain a name, in full or its beginning at the end. */
export function mayContainScriptFile(bytes: Uint8Array): boolean {
  if (isPathCharacter(bytes.at(-1) ?? 0)) return true;
  const text = asBuffer(bytes);
  return text.includes(PREFIX) || text.includes(GUARD_PREFIX);
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Where the path characters at the end of the text begin. */
function wordStart(text: string): number {
  let start = text.length;
  while (start > 0 && isPathCharacter(text.charCodeAt(start - 1))) start--;
  return start;
}

const PATH_CODES: ReadonlySet<number> = new Set(
  Array.from({ length: 128 }, (_, code) => code).filter((code) =>
    new RegExp(PATH_CHARACTER).test(String.fromCharCode(code)),
  ),
);

function isPathCharacter(code: number): boolean {
  return PATH_CODES.has(code);
}
