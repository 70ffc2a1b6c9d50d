import { type Interpreter, interpreterOf } from '../script/interpreter.ts';

/** A language of fenced blocks that agents can run. */
interface BlockLanguage {
  /** The editor's id. */
  readonly editor: string;
  /** As in the name of a file, for languages that the editor gives one id. */
  readonly extension: string;
}

const SHELL: BlockLanguage = { editor: 'shellscript', extension: 'sh' };
const PYTHON: BlockLanguage = { editor: 'python', extension: 'py' };
const PERL: BlockLanguage = { editor: 'perl', extension: 'pl' };
const RUBY: BlockLanguage = { editor: 'ruby', extension: 'rb' };

/**
 * By the first word of the info string. A transcript of a console, with prompts and output, can't run as it
 * is. JavaScript and other languages are left out: their blocks are rarely meant for a node.
 */
const LANGUAGES: ReadonlyMap<string, BlockLanguage> = new Map([
  ['sh', SHELL],
  ['shell', SHELL],
  ['shellscript', SHELL],
  ['bash', { editor: 'shellscript', extension: 'bash' }],
  ['zsh', { editor: 'shellscript', extension: 'zsh' }],
  ['ksh', { editor: 'shellscript', extension: 'ksh' }],
  ['fish', { editor: 'fish', extension: 'fish' }],
  ['python', PYTHON],
  ['python3', PYTHON],
  ['py', PYTHON],
  ['perl', PERL],
  ['pl', PERL],
  ['ruby', RUBY],
  ['rb', RUBY],
]);

/** Whether agents can run blocks of this language as they are. */
export function isRunnable(language: string): boolean {
  return LANGUAGES.has(language);
}

/** The editor's id of the language of a block. */
export function editorLanguageOf(language: string): string | undefined {
  return LANGUAGES.get(language)?.editor;
}

/** The language of a new block, by the editor's id of its language. */
export function blockLanguageOf(editorLanguage: string): string {
  return editorLanguage === SHELL.editor ? 'sh' : editorLanguage;
}

/** The editor's ids of all languages that agents can run. */
export function runnableEditorLanguages(): string[] {
  return [...new Set(Array.from(LANGUAGES.values(), ({ editor }) => editor))];
}

/** What runs a block: its own `#!` line, else its language. */
export function interpreterOfBlock(language: string, text: string): Interpreter {
  const { editor, extension } = LANGUAGES.get(language) ?? SHELL;
  const fileName = `block.${extension}`;
  const interpreter = interpreterOf({ text, language: editor, fileName, isSelection: true });
  // A block has no file, so no extension either.
  return interpreter.kind === 'language'
    ? { ...interpreter, language: interpreter.language.replace(/^\./, '') }
    : interpreter;
}
