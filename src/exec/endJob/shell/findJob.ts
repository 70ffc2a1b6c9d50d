/** Finds the job of a run: by the marks of its guard, else among the children of the agent. */
export const FIND_JOB = `# Finds the processes of a guarded job: its marks, and the session that its folder names.
find_guarded() {
  set_marked
  [ "$marked" = ' ' ] && [ ! -d "$folder" ] && return 1
  guarded=1
  leader=
  read -r leader since <"$folder/pid"
  case $leader in '' | *[!0-9]*) return 0 ;; esac
  scan
  for row in $table; do
    split "$row"
    if [ "$pid" = "$leader" ]; then
      # A process with the same id that began at another time is not the leader.
      [ $mode = ps ] || [ "$start" = "$since" ] || return 0
      add "$row"
    fi
  done
  for row in $table; do
    split "$row"
    [ "$sid" = "$leader" ] && add "$row"
  done
  return 0
}

# Sets unclaimed to the agent's files with this script.
find_files() {
  unclaimed=
  [ $kind = script ] || return
  set +f
  set -- "$tmp"/rexec[0-9]*
  set -f
  for path in "$@"; do
    case \${path##*/rexec} in *[!0-9]*) continue ;; esac
    has_digest "$path" && unclaimed="$unclaimed$path "
  done
}

# A file belongs to the process that runs it.
claim() {
  rest=
  for path in $unclaimed; do [ "$path" = "$1" ] || rest="$rest$path "; done
  unclaimed=$rest
}

fits() {
  set_age "$1"
  [ $age -ge "$youngest" ] && [ $age -le "$oldest" ]
}

# Finds jobs by their first processes, which are children of the agent.
find_children() {
  sure= likely= unsure=
  scan
  children=
  for row in $table; do
    split "$row"
    [ "$ppid" = "$agent" ] && [ "$pid" != $$ ] && children="$children$row "
  done
  # Those that are sure first: they claim their files.
  others=
  for row in $children; do
    split "$row"
    began=$start
    compare "$pid"
    split "$row"
    if [ $match != sure ]; then
      others="$others$row "
      continue
    fi
    [ $kind = script ] && claim "$file"
    fits "$began" && sure="$sure$row "
  done
  [ -n "$sure" ] && return
  for row in $others; do
    split "$row"
    # Checks have a process group of their own in the agent's session; jobs do not.
    [ "$pgid" = "$agent_pgid" ] || [ "$sid" != "$agent_sid" ] || continue
    fits "$start" || continue
    compare "$pid"
    case $match in likely) likely="$likely$row " ;; unsure) unsure="$unsure$row " ;; esac
  done
}

# Finds a job whose first process is over by what still writes to its output. Sets orphans to the
# processes of each such job, which are separated by slashes, and other to 1 if there are other jobs.
find_orphans() {
  orphans= other=0
  for end in $(pipes); do
    writers= first=
    for row in $table; do
      split "$row"
      [ "$pid" = "$agent" ] || ! holds "$pid" "$end" && continue
      # Its first process is alive, so it was compared before.
      if [ "$ppid" = "$agent" ]; then
        case " $children" in *" $row "*) first=1 ;; esac
      fi
      writers="$writers$row/"
    done
    [ -n "$writers" ] && [ -z "$first" ] || continue
    verdict=no
    for row in $(printf %s "$writers" | tr / ' '); do
      split "$row"
      began=$start
      compare "$pid"
      set_age "$began"
      [ $age -le "$oldest" ] || continue 2
      case $match in sure | likely) verdict=likely ;; esac
    done
    if [ $verdict = likely ]; then orphans="$orphans$writers "; else other=1; fi
  done
}

count() {
  printf %s $#
}

# Ends the report if there is nothing to end, or too much.
find_job() {
  find_guarded && return
  find_files
  find_children
  found=\${sure:-$likely}
  if [ -z "$found" ]; then
    find_orphans
    found=$orphans
  fi
  if [ -z "$found" ] && [ -n "$unsure" ]; then
    # Only the user can say that the age is enough.
    [ "$all" = 1 ] || report ambiguous candidates=$(count $unsure)
    found=$unsure
  fi
  n=$(count $found)
  [ "$n" -le 1 ] || [ "$all" = 1 ] || report ambiguous candidates=$n
  if [ "$n" = 0 ]; then
    [ "$agent_age" -ge "$youngest" ] || report missing restarted=1
    [ -z "$unclaimed" ] && [ $other = 0 ] && report over
    report missing
  fi
}
`;
