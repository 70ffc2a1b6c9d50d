/** Compares processes with the job of a run, and adds those that belong to one they are known of. */
export const JOB_PROCESSES = `# What the job of the run is
tmp=\${TMPDIR:-/tmp}
tmp=\${tmp%/}
mark="CONSUL_EXEC_RUN=$run-$(pwd | cksum | cut -d' ' -f1)"
folder="$tmp/consul-exec-\${mark#*=}"

checksum() {
  sum=$(cksum) && sum=\${sum% *} && printf '%s' "\${sum% }"
}

# Whether a file has the digest "crc length sha256" of the job; agents without sha256sum compare less.
has_digest() {
  crc=$(cksum <"$1") || return 1
  set -- "$1" $crc $digest
  [ "$2 $3" = "$4 $5" ] || return 1
  sha=$(sha256sum <"$1") || return 0
  [ "\${sha%% *}" = "$6" ]
}

# One argument of a process in each line.
arguments() {
  if [ $mode = proc ]; then tr '\\000' '\\n' <"$proc/$1/cmdline"; else ps -o args= -p "$1" | tr ' ' '\\n'; fi
}

# Sets file to the path of an agent's script among the arguments of a process.
script_of() {
  file=
  IFS=$newline
  set -- $(arguments "$1")
  unset IFS
  for word in "$@"; do
    case $word in "$tmp"/rexec*[!0-9]*) ;; "$tmp"/rexec[0-9]*) file=$word ;; esac
  done
  [ -n "$file" ]
}

# Whether the text of the job contains the name of the program that a process runs.
is_named() {
  program=$(arguments "$1" | head -n 1)
  program=\${program##*/}
  program=\${program#-}
  [ -n "$program" ] || return 1
  case " $2 " in *[!A-Za-z0-9_.-]"$program"[!A-Za-z0-9_.-]*) return 0 ;; *) return 1 ;; esac
}

# Whether a process interprets the program of a job that has arguments.
runs_program() {
  [ $kind = arguments ] || return
  program=\${text%% *}
  case $(arguments "$1" | tr '\\n' ' ') in *[/' ']"\${program##*/} "*) return 0 ;; *) return 1 ;; esac
}

# Sets match if a process has the deleted file of a script open; fails if it has not.
compare_open() {
  set +f
  set -- "$proc/$1"/fd/*
  set -f
  for path in "$@"; do
    case $(ls -l "$path") in *" -> $file (deleted)") ;; *) continue ;; esac
    match=no
    has_digest "$path" && match=sure
    return 0
  done
  return 1
}

# The agent deletes the file of a script when it stops uploading, also while the script runs. Most shells
# have it open until they end; of other interpreters only the age is known.
compare_deleted() {
  compare_open "$1" && return
  for entry in $table; do
    split "$entry"
    [ "$ppid" = "$1" ] && compare_open "$pid" && return
  done
  match=unsure
}

# Sets match to sure, likely, unsure, or no: whether a process can be the first of this job.
compare() {
  match=no
  case "$(arguments "$1")$newline" in *"\${newline}consul-exec-end$newline"*) return ;; esac
  if script_of "$1"; then
    [ $kind = script ] || return
    if [ ! -e "$file" ]; then compare_deleted "$1"; elif has_digest "$file"; then match=sure; fi
    return
  fi
  case $kind in
  script)
    # A script can have replaced itself by any program.
    match=unsure
    for candidate in $unclaimed; do
      is_named "$1" "$(cat "$candidate")" && match=likely
    done
    ;;
  *)
    shell=\${SHELL:-/bin/sh}
    if [ $mode = ps ]; then
      line=$(ps -o args= -p "$1")
      [ "$line" = "$shell -c $text" ] || [ "$line" = "$text" ] && match=sure
    elif [ $kind = arguments ]; then
      has_digest "$proc/$1/cmdline" && match=sure
    else
      expected=$(printf '%s\\000-c\\000%s\\000' "$shell" "$text" | cksum)
      [ "$expected" = "$(cksum <"$proc/$1/cmdline")" ] && match=sure
    fi
    [ $match = no ] && { is_named "$1" "$text" || runs_program "$1"; } && match=likely
    ;;
  esac
}

# Whether the agent reads this file descriptor, and it is a pipe: then it is the output of a job.
is_read_pipe() {
  [ -p "$proc/$agent/fd/$1" ] || return 1
  while read -r key value; do
    case $key:$value in flags:*[04]) return 0 ;; esac
  done <"$proc/$agent/fdinfo/$1"
  return 1
}

# Whether a process has the pipe at this path as its output.
holds() {
  [ "$proc/$1/fd/1" -ef "$2" ] || [ "$proc/$1/fd/2" -ef "$2" ]
}

inode() {
  id=$(ls -Ldi "$1") && printf '%s' "\${id%% "$proc"*}"
}

# The pipes that the agent reads, except this job's own.
pipes() {
  [ $mode = proc ] || return
  set +f
  set -- "$proc/$agent"/fd/*
  set -f
  for path in "$@"; do
    is_read_pipe "\${path##*/}" && ! holds $$ "$path" && printf '%s ' "$path"
  done
}

# Adds a process to the job by its row, if it still is what the row says.
add() {
  look "\${1%%:*}" && [ "\${1%%:*}:$ppid:$pgid:$sid:$start" = "$1" ] || return 1
  split "$1"
  case "$pid" in 0 | 1 | $$ | "$agent") return 1 ;; esac
  case $members in *" $pid:$start "*) return 1 ;; esac
  members="$members$pid:$start "
  current="$current$pid "
}

# Whether the process of the current row belongs to the job.
belongs() {
  case $current in *" $ppid "*) return 0 ;; esac
  case $marked in *" $pid "*) return 0 ;; esac
  case $groups in *" s$sid "* | *" g$pgid "*) return 0 ;; esac
  [ -n "$writable" ] && holds "$pid" "$writable"
}

# Sets groups to the sessions and process groups of the job that are not the agent's.
set_groups() {
  groups=' '
  for row in $table; do
    split "$row"
    case $current in *" $pid "*) ;; *) continue ;; esac
    [ "$sid" = "$agent_sid" ] || groups="\${groups}s$sid "
    [ "$pgid" = "$agent_pgid" ] || groups="\${groups}g$pgid "
  done
}

# Sets marked to the processes with the mark of the guard in their environment.
set_marked() {
  marked=' '
  [ $mode = proc ] || return
  set +f
  set -- $(grep -lF "$mark" "$proc"/[0-9]*/environ)
  set -f
  for path in "$@"; do
    tr '\\000' '\\n' <"$path" | grep -qxF "$mark" || continue
    path=\${path%/environ}
    marked="$marked\${path##*/} "
  done
}

# Adds what belongs to the job: children of its processes, their sessions and groups, what writes to its
# output; with a guard, what has its mark in the environment. Sets current to those that are alive.
grow() {
  scan
  current=' ' marked=' ' writable=
  for row in $table; do
    split "$row"
    case $members in *" $pid:$start "*) current="$current$pid " ;; esac
  done
  [ -n "$outlet" ] && [ "$(inode "$outlet")" = "$outlet_id" ] && writable=$outlet
  [ $guarded = 1 ] && set_marked
  grown=1
  while [ $grown = 1 ]; do
    grown=0
    set_groups
    for row in $table; do
      split "$row"
      case $current in *" $pid "*) continue ;; esac
      belongs && add "$row" && grown=1
    done
  done
}

# Sets outlet to the agent's end of the pipe that a process has as its output.
set_outlet() {
  for path in $(pipes); do
    holds "$1" "$path" && outlet=$path && outlet_id=$(inode "$path")
  done
}
`;
