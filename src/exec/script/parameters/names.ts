import type { ScriptLanguage } from './parameter.ts';

/**
 * Variables that shells read, set, or do not let a script assign. A parameter with such a name would change
 * how the script runs, or would not have its value.
 */
const SHELL =
  /^(?:_|PATH|IFS|ENV|CDPATH|SHELL|PWD|OLDPWD|PS[0-9]|E?[UG]ID|PPID|GROUPS|RANDOM|SRANDOM|SECONDS|LINENO|OPTIND|OPTARG|OPTERR|REPLY|DIRSTACK|FUNCNAME|PIPESTATUS|HISTCMD|SHELLOPTS|POSIXLY_CORRECT|BASH(?:OPTS|PID|_\w*)?|COMP_\w+|EPOCH\w+|LD_\w+)$/;

/** Zsh has more of them, also with lower-case names. */
const ZSH =
  /^(?:path|fpath|cdpath|manpath|mailpath|module_path|fignore|psvar|watch|argv|status|pipestatus|options|aliases|functions|commands|builtins|parameters|history|modules|signals|prompt|dirstack|userdirs|usergroups|nameddirs|jobdirs|jobtexts|jobstates|funcstack|termcap|terminfo|reswords|USERNAME|ARGC|HISTSIZE|SAVEHIST|ERRNO)$/;

const PYTHON = new Set(
  `False None True and as assert async await break class continue def del elif else except exec finally for
  from global if import in is lambda nonlocal not or pass print raise return try while with yield
  str bytes print exec`.split(/\s+/),
);

/** Whether a name has a meaning of its own in a language. */
export function isReserved(name: string, language: ScriptLanguage): boolean {
  switch (language) {
    case 'sh':
      return SHELL.test(name);
    case 'zsh':
      return SHELL.test(name) || ZSH.test(name);
    case 'python':
    case 'anyPython':
      return PYTHON.has(name) || /^_$|^__\w*__$/.test(name);
    case 'perl':
      // Sorting uses $a and $b.
      return /^(?:_|a|b|ARGV)$/.test(name);
  }
}
