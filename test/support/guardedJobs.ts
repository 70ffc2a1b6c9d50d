import type { Job } from '../../src/exec/protocol/job.ts';

const script = (text: string): Job => ({ kind: 'script', text });
const bytes = (raw: string): Job => ({
  kind: 'script',
  text: raw,
  bytes: Buffer.from(raw, 'latin1').toString('base64'),
});

/** Jobs whose output and exit code must not depend on whether they are guarded. */
export const GUARDED_JOBS: Readonly<Record<string, Job>> = {
  'a command': { kind: 'command', text: 'echo "$0"; exit 3' },
  'a command of several lines, with a line break at its end': {
    kind: 'command',
    text: "cat <<'END'\n$HOME 'quoted' \"twice\"\nEND\nfalse\n",
  },
  'a program with arguments': {
    kind: 'arguments',
    args: ['printf', '%s|', 'a b', "it's", '', '$HOME', '"', '-n', 'ü\n'],
  },
  'a program that does not exist': { kind: 'arguments', args: ['/nonexistent/program'] },
  'a command killed by KILL': { kind: 'command', text: 'echo before; kill -9 $$' },
  'no final line break': script('printf "no line break"'),
  'no output': script('exit 7'),
  'binary output': script(
    `#!/bin/sh\nfor i in 0 1 2 3; do printf '\\000\\001\\377\\200\\n\\r'; done; head -c 300000 /bin/sh`,
  ),
  'large output': script('#!/bin/sh\nseq 150000\n'),
  'both outputs in order': script(
    '#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9; do echo "out $i"; echo "err $i" >&2; done; exit 4',
  ),
  'an exit code above 255': script('#!/bin/bash\nexit 300'),
  'exit codes that shells use for signals': script('#!/bin/sh\nexit 137'),
  'the exit code 255': script('exit 255'),
  'the exit code 124': script('echo done; exit 124'),
  'killed by KILL': script('#!/bin/sh\necho before; kill -9 $$; echo after'),
  'killed by TERM': script('#!/bin/bash\nkill -TERM $$'),
  'killed by INT': script('#!/bin/sh\nkill -INT $$; sleep 1'),
  'killed by a broken pipe': script('#!/bin/sh\nkill -PIPE $$'),
  'traps of signals': script(
    `#!/bin/bash\nfor s in INT TERM QUIT HUP; do trap "echo got $s" $s; kill -$s $$; done; exit 5`,
  ),
  'a here document, quotes, and backslashes': script(
    `cat <<'EOF'\n'\\''"$x" \`y\` \\n # !\nEOF\necho 'END' "}" \\\\ ; exit 1`,
  ),
  'CRLF, tabs, and Unicode': script('#!/bin/sh\r\necho "ä 日本 🎉"\t\r\nexit 2\r\n'),
  'python, from standard input': script(
    '#!/usr/bin/env python3\nimport sys\nprint(repr(sys.stdin.read()), len(sys.argv))\nsys.exit(9)',
  ),
  'perl, with bytes that are not UTF-8': bytes(
    '#!/usr/bin/perl\nprint "\xe4\xf6\xfc\xff\n"; exit 6;\n__END__\n\x00\x00\x80data',
  ),
  awk: script('#!/usr/bin/awk -f\nBEGIN { print ENVIRON["TERM"] "x"; exit 8 }'),
  'a background child that keeps the output open': script(
    '#!/bin/sh\n(sleep 0.7; echo late; exit 9) &\necho early; exit 3',
  ),
  'an interpreter that does not exist': script('#!/nonexistent/interpreter\necho hi'),
  'the directory, the mask, open files, and ignored signals': script(
    '#!/bin/sh\npwd; umask; ls -l /proc/self/fd | wc -l; grep ^SigBlk /proc/self/status; ' +
      // Without the two signals that the C library itself uses.
      'while read -r name value; do [ "$name" != SigIgn: ] || echo $((0x$value & 0x7fffffff)); done </proc/self/status',
  ),
};
