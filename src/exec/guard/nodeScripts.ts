/**
 * The shell scripts of guarded runs. They run in any POSIX shell (dash, bash, and busybox sh are
 * tested), and use what POSIX has, `setsid` where it exists, and `/proc` where it exists.
 */

/** How much of the output a node keeps. */
export const KEPT_BYTES = 10 * 1024 * 1024;
/** How long a node keeps what a run left there. */
const KEPT_MINUTES = 60;
/** The exit code of a job that was ended by its time limit, as of `timeout`. */
export const LIMIT_EXIT_CODE = 124;
/** The exit code of a guard that did not run its job. */
const REFUSED_EXIT_CODE = 125;

/** What the wrapper of one run needs to know. */
interface Guarded {
  readonly runId: string;
  readonly kind: 'script' | 'command';
  /** Bytes of the job, which follows the wrapper. */
  readonly jobBytes: number;
  readonly timeLimitSeconds?: number | undefined;
  readonly keepsOutput: boolean;
}

/** Seconds between TERM and KILL. A limit of 2 s must be over after 4 s. */
function graceSeconds(limitSeconds: number): number {
  return Math.min(10, Math.max(1, Math.floor(limitSeconds / 2)));
}

/** The last line of output of a job that was ended by its time limit. */
export function limitLine(runId: string, seconds: number): string {
  return `consul-exec: ended by its time limit of ${seconds} s (run ${runId})`;
}

/**
 * Where a run keeps its files on a node: one folder for each agent, because several agents can share a
 * host. `pwd` is the agent's working directory.
 */
function folder(runId: string): string {
  return `tmp=\${TMPDIR:-/tmp}
id=${runId}-$(pwd | cksum | cut -d' ' -f1)
dir=$tmp/consul-exec-$id`;
}

/** Functions that several scripts use. They contain no single quotes. */
const FUNCTIONS = `# When a process began, which tells it from a later one with the same id.
started() {
  if [ -r /proc/self/stat ]; then
    read -r stat <"/proc/$1/stat" && set -- \${stat##*") "} && echo "\${20}"
  else
    ps -o lstart= -p "$1"
  fi 2>/dev/null
}
# Whether the process that a file names is still there.
alive() {
  read -r process began 2>/dev/null <"$1" &&
    kill -0 "$process" 2>/dev/null && [ "$(started "$process")" = "$began" ]
}`;

/** Removes what runs left more than an hour ago, and folders whose processes are gone. */
const SWEEP = `for old in "$tmp"/consul-exec-*; do
  [ -d "$old" ] && [ ! -h "$old" ] || continue
  [ -n "$(find "$old" -prune -mmin +${KEPT_MINUTES} 2>/dev/null)" ] || continue
  alive "$old/pid" || alive "$old/guard" || rm -rf "$old" 2>/dev/null
done`;

/**
 * A script that runs the job that follows it in a session of its own, ends it after its time limit,
 * and keeps its output and exit code on the node. It ends in a line break; the job's bytes come next.
 *
 * It is one compound command, so that a shell that is given only a part of it runs nothing.
 */
export function wrapperText(guarded: Guarded): string {
  const text = wrapper(guarded, 0);
  return wrapper(guarded, text.split('\n').length);
}

/** @param jobLine the first line of the job in the file */
function wrapper(guarded: Guarded, jobLine: number): string {
  const { runId, kind, timeLimitSeconds: limit } = guarded;
  return `#!/bin/sh
{ # Guarded run of Consul Exec: runs the job that follows this script in a session of its own${
    limit === undefined ? '' : `, and ends it after ${limit} s`
  }.
${preparation(guarded, jobLine)}

# Becomes the job. All that it starts has its mark in the environment.
start="$functions
"'${START}
${kind === 'script' ? START_SCRIPT : START_COMMAND}'
${limit === undefined ? '' : `\n${watcher(limit)}\n`}
${EXECUTION}
${limit === undefined ? '' : `\n${limitEnd(runId, limit)}\n`}
${guarded.keepsOutput ? KEEP : 'rm -rf "$dir"'}
# An agent reports -1 for any signal. Its shell can be between the agent and this script.
if [ "$code" -lt 0 ]; then
  [ "$(tr '\\0' '\\n' <"/proc/$PPID/cmdline" | tail -n 1)" != "$0" ] || kill -s KILL "$PPID"
  kill -s KILL $$
fi
exit "$code"
}
# The job:
`;
}

/** Finds out what is there, and writes the job to the folder of the run. */
function preparation({ runId, jobBytes }: Guarded, jobLine: number): string {
  return `${folder(runId)}
functions='${FUNCTIONS}'
eval "$functions"

# Agents without SHELL in their environment use /bin/sh; bash sets its own.
shell=\${SHELL:-/bin/sh}
[ -z "$BASH_VERSION" ] || env | grep -q '^SHELL=' || shell=/bin/sh
session=$(command -v setsid)

${SWEEP}

refuse() {
  echo "consul-exec: the job did not run: $1" >&2
  exit ${REFUSED_EXIT_CODE}
}
case $dir in *[!A-Za-z0-9_./@%+,:=~-]*) refuse "TMPDIR has special characters" ;; esac
mkdir -m 700 "$dir" || refuse "can't create the folder of the run, or it ran before"
echo "$$ $(started $$)" >"$dir/guard"
tail -n +${jobLine} "$0" >"$dir/job"
if [ "$(wc -c <"$dir/job")" -ne ${jobBytes} ]; then
  rm -rf "$dir"
  refuse "can't write it to the folder of the run"
fi
chmod 700 "$dir/job"`;
}

const START = `dir=$guard_dir shell=$guard_shell session=$guard_session
unset guard_dir guard_shell guard_session
echo "$$ $(started $$)" >"$dir/pid"
CONSUL_EXEC_RUN=\${dir##*/consul-exec-}
export CONSUL_EXEC_RUN
exec >&3 2>&3 3>&-`;

/** Runs the job, and waits until its output is closed. */
const EXECUTION = `# Awk can tell "killed by signal 9" from "exit 137", which no shell can.
code='BEGIN { s = system(ARGV[1]); print(s < 256 ? s : -1) }'
# Passes on the output, and copies the first ${KEPT_BYTES / 1024 / 1024} MB, also when the agent is gone.
copy="$functions
"'trap "" PIPE XFSZ
ulimit -f ${KEPT_BYTES / 512}
echo "$$ $(started $$)" >"$0/copy"
exec tee "$0/out"'

exec 2>/dev/null
{
  guard_dir=$dir guard_shell=$shell guard_session=$session
  export guard_dir guard_shell guard_session
  if awk 'BEGIN { exit(system("kill -9 $$") < 256) }'; then
    awk "$code" "$start"
  else
    sh -c "$start"
    echo "$?"
  fi 3>&1 >"$dir/status"
} | sh -c "$copy" "$dir"
read -r code <"$dir/status" || code=-1`;

/** As an agent does: the kernel, or else the shell, finds out what runs it. */
const START_SCRIPT = `exec $session "$shell" -c "$dir/job"`;
/** All bytes of the command: a shell removes line breaks at its end otherwise. */
const START_COMMAND = `command=$(cat "$dir/job"; echo .)
exec $session "$shell" -c "\${command%.}"`;

const KEEP = `rm -f "$dir/job" "$dir/copy" "$dir/status"
echo "$code" >"$dir/code.new" && mv "$dir/code.new" "$dir/code"
# The agent removes this file early when it can't upload: then nobody knows the end of the output yet.
if [ ! -e "$0" ]; then
  (sleep ${KEPT_MINUTES * 60}; rm -rf "$dir") >/dev/null </dev/null &
fi`;

/** Ends the job after its time limit, with everything that it started. */
function watcher(limit: number): string {
  return `# Signals everything that the job started: its session, and what has its mark.
signal() {
  found=
  if alive "$dir/pid"; then
    found=1
    if [ -n "$session" ]; then kill -s "$1" -- "-$process"; else kill -s "$1" "$process"; fi
  fi
  for file in $(grep -l "CONSUL_EXEC_RUN=$id" /proc/[0-9]*/environ); do
    found=1
    process=\${file#/proc/}
    kill -s "$1" "\${process%/environ}"
  done
  [ -n "$found" ]
}
nap() {
  sleep "$1" &
  nap=$!
  wait "$nap"
}
watch() {
  trap 'kill "$nap"; exit' TERM
  nap ${limit}
  trap '' TERM
  echo ${limit} >"$dir/limit"
  signal TERM
  waited=0
  while signal 0; do
    if [ "$waited" -eq ${graceSeconds(limit)} ]; then
      signal KILL
      break
    fi
    waited=$((waited + 1))
    sleep 1
  done
  # A process of another user cannot be ended, but must not hold the output open.
  for pause in 0.1 0.2 0.3; do
    alive "$dir/copy" || return
    sleep "$pause" || sleep 1
  done
  kill "$process"
}
watch </dev/null >/dev/null 2>&1 &
watcher=$!`;
}

function limitEnd(runId: string, limit: number): string {
  return `kill "$watcher"
wait "$watcher"
if [ -e "$dir/limit" ]; then
  code=${LIMIT_EXIT_CODE}
  kept=$dir/out
  [ "$(wc -c <"$kept")" -lt ${KEPT_BYTES} ] || kept=/dev/null
  {
    [ -z "$(tail -c 1 "$dir/out")" ] || echo
    echo "${limitLine(runId, limit)}"
  } | tee -a "$kept"
fi`;
}

/** What the script that fetches kept results needs to know. */
interface Fetched {
  readonly runId: string;
  /** Begins the output of this script, and no other. */
  readonly nonce: string;
  /** The first byte of the output to fetch. */
  readonly from: number;
}

/** The word before the nonce. */
export const FETCH_MAGIC = 'consul-exec-kept';

/**
 * A script that writes what a run left on the node, in frames: a line that says what follows, and bytes.
 *
 *     consul-exec-kept <nonce>     the first line
 *     n                            the node has nothing of the run
 *     r                            the job still runs: more frames follow as it goes on
 *     d <n>                        n bytes of output follow
 *     e <code> <limit> <size>      it ended; limit is 0 if the time limit didn't end it
 *     g                            it is gone, and left no exit code
 */
export function fetchText({ runId, nonce, from }: Fetched): string {
  return `#!/bin/sh
{ # Consul Exec: fetches what a guarded run left on this node.
${folder(runId)}
functions='${FUNCTIONS}'
eval "$functions"
exec 2>/dev/null
echo ${FETCH_MAGIC} ${nonce}
${SWEEP}
if [ ! -d "$dir" ]; then
  echo n
  exit
fi
position=${from}
${FETCH_LOOP}
exit
}
`;
}

/** Writes the output from a position on, until the job has ended. */
const FETCH_LOOP = `announced=
while :; do
  # The state comes first: what has an exit code by now has all of its output.
  if [ -e "$dir/code" ]; then state=ended
  elif alive "$dir/guard" || alive "$dir/pid"; then state=running
  elif [ -e "$dir/code" ]; then state=ended
  else state=gone
  fi
  size=$(wc -c <"$dir/out" || echo 0)
  size=$((size))
  if [ "$state" = running ] && [ -z "$announced" ]; then
    announced=1
    echo r
  fi
  if [ "$size" -gt "$position" ]; then
    echo "d $((size - position))"
    tail -c "+$((position + 1))" "$dir/out" | head -c "$((size - position))"
    position=$size
  fi
  [ "$state" = running ] || break
  sleep 1
done
case $state in
  ended)
    read -r code <"$dir/code"
    read -r limit <"$dir/limit" || limit=0
    echo "e $code $limit $size"
    ;;
  gone) echo g ;;
esac`;
