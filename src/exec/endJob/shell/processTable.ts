/** Reads the processes of a node, from /proc or else from ps, and finds the agent. */
export const PROCESS_TABLE = `# Arguments: a nonce, the run, the kind of its job, its text, a digest, the youngest and the oldest age
# that it can have in hundredths of a second, seconds between TERM and KILL, 1 to end all that match,
# and the folder of the process file system.
exec 2>/dev/null
LC_ALL=C PATH=\${PATH:-/usr/bin}:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
unset IFS
set -f
nonce=$1 run=$2 kind=$3 text=$4 digest=$5 youngest=$6 oldest=$7 grace=$8 all=$9
shift 9
proc=$1
agent=$PPID
newline='
'

report() {
  printf '\\nconsul-exec-end %s %s\\n' "$nonce" "$*"
  exit 0
}

# Sets state, ppid, pgid, sid, and start from a line of /proc/PID/stat. A program's name can contain
# anything, but the last ")" ends it.
parse() {
  set -- \${1##*) }
  state=$1 ppid=$2 pgid=$3 sid=$4 start=\${20}
  [ -n "$start" ]
}

# The same for one process, without a process of its own; fails if there is none.
look() {
  if [ $mode = proc ]; then
    stat=
    while IFS= read -r line || [ -n "$line" ]; do stat=$stat$line; done <"$proc/$1/stat"
    [ -n "$stat" ] && parse "$stat"
    return
  fi
  scan
  for row in $table; do
    case $row in "$1":*) split "$row" && return ;; esac
  done
  return 1
}

# Seconds of an elapsed time as ps prints it: [[days-]hours:]minutes:seconds.
seconds() {
  days=0 rest=$1
  case $rest in *-*) days=\${rest%%-*} rest=\${rest#*-} ;; esac
  IFS=:
  set -- $rest
  unset IFS
  total=0
  for part in "$@"; do total=$((total * 60 + \${part#0})); done
  total=$((total + days * 86400))
}

# Where there is no /proc, a process is known by the second of its start, from the start of this one.
# It can be read as one more or one less later.
parse_ps() {
  ppid=$2 pgid=$3 sid=$3 state=$4
  seconds "$5"
  start=$((own - total))
  for near in $((start - 1)) $((start + 1)); do
    case $seen in *" $1:$near "*) start=$near ;; esac
  done
  case $seen in *" $1:$start "*) ;; *) seen="$seen$1:$start " ;; esac
  return 0
}

set_own() {
  [ "$1" = $$ ] || return
  seconds "$5"
  own=$total
}

# Adds a process to the table, unless it is a zombie or older than any of the job.
add_row() {
  case $state in [ZXx]*) return ;; esac
  [ "$start" -ge "$floor" ] && table="$table$1:$ppid:$pgid:$sid:$start "
}

# Reads a process again whose name contains a line break.
repair() {
  beginning=$1
  look "\${beginning%% *}"
  found=$?
  line=$beginning
  return $found
}

# Sets table to "pid:ppid:pgid:sid:start " for each process.
scan() {
  table=
  if [ $mode = proc ]; then
    set +f
    stats=$(cat "$proc"/[0-9]*/stat)
    set -f
    IFS=$newline
    set -- $stats
    unset IFS
    for line in "$@"; do
      # The name of a program can contain a line break, and the rest can look like another process.
      parse "$line" || repair "$line" || continue
      add_row "\${line%% *}"
    done
  else
    # Without the arguments, which can contain lines that look like others.
    list=$(ps -A -o pid= -o ppid= -o pgid= -o stat= -o etime=)
    IFS=$newline
    set -- $list
    unset IFS
    for line in "$@"; do
      set_own $line
    done
    for line in "$@"; do
      set -- $line
      [ -n "$5" ] && parse_ps "$@" && add_row "$1"
    done
  fi
}

# Splits a row of the table.
split() {
  pid=\${1%%:*}
  set -- "\${1#*:}"
  ppid=\${1%%:*}
  set -- "\${1#*:}"
  pgid=\${1%%:*}
  set -- "\${1#*:}"
  sid=\${1%%:*} start=\${1#*:}
}

# Sets age to hundredths of a second from the start of a process to the start of this one.
set_age() {
  age=$(((self_start - $1) * 100 / ticks))
}

seen=' ' own=0 ticks=100 floor=-999999999
if [ -r "$proc/$$/stat" ]; then
  mode=proc
  look $$ && [ "$ppid" = "$agent" ] || report blind
  ticks=$(getconf CLK_TCK) || ticks=100
  [ "$ticks" -gt 0 ] || ticks=100
else
  mode=ps
  look $$ && [ "$ppid" = "$agent" ] || report blind
  ticks=1
fi
self_start=$start
look "$agent" || report blind
agent_pgid=$pgid agent_sid=$sid
set_age "$start"
agent_age=$age
`;
