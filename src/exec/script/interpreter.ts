/** Where the text to run comes from, as far as it decides what runs it. */
export interface ScriptOrigin {
  readonly text: string;
  /** The first line of the file that the text was selected in. */
  readonly fileFirstLine?: string | undefined;
  /** The editor's id of the document's language. */
  readonly language?: string | undefined;
  readonly fileName?: string | undefined;
  /** Whether it is only a part of the file. */
  readonly isSelection: boolean;
}

/** What runs a script on the nodes. */
export type Interpreter =
  /** The text begins with a `#!` line of its own. */
  | { readonly kind: 'own'; readonly line: string }
  /** The `#!` line of the file that the text was selected in. */
  | { readonly kind: 'file'; readonly line: string }
  /** By the language of the document; `language` is its name, or the extension of the file. */
  | { readonly kind: 'language'; readonly line: string; readonly language: string }
  /** The agent's shell. */
  | { readonly kind: 'shell' }
  /** Agents can't run a file in this language. */
  | { readonly kind: 'unsupported'; readonly language: string };

const ENV = '#!/usr/bin/env ';

/** `program` is found on the path, unless it is a path itself. */
type Program = readonly [program: string, language: string];

/** These need an option, which `env` can't pass on every system. */
const AWK: Program = ['/usr/bin/awk -f', 'AWK'];
const SED: Program = ['/bin/sed -f', 'sed'];

/** Interpreters by the editor's language ids. */
const BY_LANGUAGE: Readonly<Record<string, Program>> = {
  python: ['python3', 'Python'],
  perl: ['perl', 'Perl'],
  perl6: ['raku', 'Raku'],
  raku: ['raku', 'Raku'],
  ruby: ['ruby', 'Ruby'],
  javascript: ['node', 'JavaScript'],
  lua: ['lua', 'Lua'],
  php: ['php', 'PHP'],
  r: ['Rscript', 'R'],
  fish: ['fish', 'fish'],
  tcl: ['tclsh', 'Tcl'],
  groovy: ['groovy', 'Groovy'],
  julia: ['julia', 'Julia'],
  elixir: ['elixir', 'Elixir'],
  nushell: ['nu', 'Nushell'],
  awk: AWK,
  sed: SED,
};

/** Interpreters by file name extensions, for languages that the editor gives one id, or none. */
const BY_EXTENSION: Readonly<Record<string, Program>> = {
  bash: ['bash', '.bash'],
  bashrc: ['bash', '.bashrc'],
  bash_profile: ['bash', '.bash_profile'],
  bash_login: ['bash', '.bash_login'],
  bash_logout: ['bash', '.bash_logout'],
  bash_aliases: ['bash', '.bash_aliases'],
  zsh: ['zsh', '.zsh'],
  zshrc: ['zsh', '.zshrc'],
  zprofile: ['zsh', '.zprofile'],
  zshenv: ['zsh', '.zshenv'],
  ksh: ['ksh', '.ksh'],
  mksh: ['mksh', '.mksh'],
  fish: ['fish', '.fish'],
  csh: ['csh', '.csh'],
  tcsh: ['tcsh', '.tcsh'],
  nu: ['nu', 'Nushell'],
  exp: ['expect', 'Expect'],
  py: ['python3', 'Python'],
  py3: ['python3', 'Python'],
  pyw: ['python3', 'Python'],
  pl: ['perl', 'Perl'],
  rb: ['ruby', 'Ruby'],
  js: ['node', 'JavaScript'],
  mjs: ['node', 'JavaScript'],
  cjs: ['node', 'JavaScript'],
  lua: ['lua', 'Lua'],
  php: ['php', 'PHP'],
  r: ['Rscript', 'R'],
  tcl: ['tclsh', 'Tcl'],
  jl: ['julia', 'Julia'],
  exs: ['elixir', 'Elixir'],
  awk: AWK,
  sed: SED,
};

/** Languages whose files can be scripts of the agent's shell. */
const SHELL_LANGUAGES: ReadonlySet<string> = new Set(['shellscript', 'plaintext', 'log', 'dotenv']);
/**
 * Languages of which agents can't run even a part: a shell would run what it finds between backticks.
 * Documents in other languages, such as Markdown and YAML, quote shell commands.
 */
const UNSUPPORTED_EVEN_IN_PART: ReadonlySet<string> = new Set([
  'bat',
  'powershell',
  'vb',
  'c',
  'cpp',
  'csharp',
  'cuda-cpp',
  'objective-c',
  'objective-cpp',
  'fsharp',
  'go',
  'rust',
  'java',
  'kotlin',
  'scala',
  'swift',
  'dart',
  'typescript',
  'typescriptreact',
  'javascriptreact',
  'coffeescript',
  'clojure',
  'haskell',
  'erlang',
  'sql',
  'css',
  'scss',
  'less',
]);

/** By extension, because a file is plain text where its language is not installed. */
const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
  bat: 'bat',
  cmd: 'bat',
  btm: 'bat',
  ps1: 'powershell',
  psm1: 'powershell',
  psd1: 'powershell',
  vbs: 'vb',
  vbe: 'vb',
  wsf: 'vb',
  go: 'go',
  rs: 'rust',
  java: 'java',
  kt: 'kotlin',
  swift: 'swift',
  dart: 'dart',
  ts: 'typescript',
  sql: 'sql',
};

/**
 * What runs a text: its own `#!` line; else that of the file it was selected in; else the language of
 * the document decides.
 */
export function interpreterOf(origin: ScriptOrigin): Interpreter {
  const { text, fileFirstLine, language = 'plaintext', fileName, isSelection } = origin;
  const own = firstLine(text);
  if (own.startsWith('#!')) return { kind: 'own', line: own };
  const inherited = firstLine(fileFirstLine ?? '');
  if (isSelection && inherited.startsWith('#!')) return { kind: 'file', line: inherited };
  const extension = /\.([^./\\]+)$/.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
  const foreign = OTHER_LANGUAGES[extension] ?? language;
  if (UNSUPPORTED_EVEN_IN_PART.has(foreign)) return { kind: 'unsupported', language: foreign };
  const known = BY_LANGUAGE[language] ?? BY_EXTENSION[extension];
  if (known) {
    const [program, name] = known;
    const line = program.startsWith('/') ? `#!${program}` : ENV + program;
    return { kind: 'language', line, language: name };
  }
  // The editor guesses the language of a new document.
  const isNew = fileName === undefined;
  if (isSelection || isNew || SHELL_LANGUAGES.has(language) || extension === 'sh') {
    return { kind: 'shell' };
  }
  return { kind: 'unsupported', language };
}

/** The `#!` line to send before the text, so that the kernel uses the interpreter; or undefined. */
export function addedLine(interpreter: Interpreter): string | undefined {
  const isAdded = interpreter.kind === 'file' || interpreter.kind === 'language';
  return isAdded ? interpreter.line : undefined;
}

/** The program of a `#!` line, with its options: `bash -e`, or `python3` for `#!/usr/bin/env python3`. */
export function programOf(line: string): string {
  const [path = '', ...args] = line.replace(/^#!\s*/, '').split(/\s+/);
  const name = baseName(path);
  if (name !== 'env') return [name, ...args].join(' ');
  const first = args.findIndex((arg) => !arg.startsWith('-') && !arg.includes('='));
  if (first === -1) return name;
  return [baseName(args[first] ?? ''), ...args.slice(first + 1)].join(' ');
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/^\ufeff/, '').trimEnd();
}
