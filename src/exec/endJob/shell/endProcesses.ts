/** Sends the signals, and reports what came of it. */
export const END_PROCESSES = `members=' ' current=' ' outlet= outlet_id= guarded=0 marked=' '

# Sends a signal to each living process of the job, and notes those that may not be signalled.
send() {
  for member in $members; do
    id=\${member%%:*} began=\${member#*:}
    case $current in *" $id "*) ;; *) continue ;; esac
    case $refused in *" $id "*) continue ;; esac
    look "$id" && [ "$start" = "$began" ] || continue
    # A stopped process acts on a signal when it continues.
    stopped=$state
    if kill -s "$1" "$id"; then
      case $1:$stopped in TERM:[Tt]*) kill -s CONT "$id" ;; esac
      continue
    fi
    look "$id" && [ "$start" = "$began" ] && refused="$refused$id "
  done
}

# Whether a process of the job is alive that may be signalled. Looks again before it says no: one that a
# dying process began is not in a list that was made just before.
is_alive() {
  for attempt in 1 2; do
    grow
    for pid in $current; do
      case $refused in *" $pid "*) ;; *) return 0 ;; esac
    done
  done
  return 1
}

# Sets moment to a time in hundredths of a second.
now() {
  if read -r moment rest <"$proc/uptime"; then moment=\${moment%.*}\${moment#*.}; else moment=$(date +%s)00; fi
}

pause() {
  sleep 0.1 || sleep 1
}

end_politely() {
  now
  until=$((moment + grace * 100))
  told=' '
  while is_alive; do
    signal=TERM
    # A signal that a process has had is not repeated: some count them.
    untold=
    for member in $members; do
      case $told in *" $member "*) ;; *) untold="$untold$member " ;; esac
    done
    everything=$members members=" $untold"
    send TERM
    members=$everything told="$told$untold"
    now
    [ $moment -lt $until ] || return
    pause
  done
}

end_now() {
  rounds=0
  while is_alive && [ $rounds -lt 20 ]; do
    signal=KILL rounds=$((rounds + 1))
    # Stopped, they start no others while the rest is found.
    send STOP
    grow
    send KILL
    pause
  done
}

# Processes that a job of this agent left behind: in its session and group, but not below it.
loose() {
  [ "$agent_pgid" = "$agent" ] || return
  floor=-999999999
  scan
  family=" $agent "
  grown=1
  while [ $grown = 1 ]; do
    grown=0
    for row in $table; do
      split "$row"
      case $family in *" $pid "*) continue ;; esac
      case $family in *" $ppid "*) family="$family$pid " grown=1 ;; esac
    done
  done
  left= more=0
  for row in $table; do
    split "$row"
    case $family in *" $pid "*) continue ;; esac
    [ "$pgid" = "$agent_pgid" ] && [ "$sid" = "$agent_sid" ] || continue
    set_age "$start"
    [ $age -le "$oldest" ] || continue
    case $refused in *" $pid "*) continue ;; esac
    more=$((more + 1))
    [ $more -le 8 ] && left="$left,$pid"
  done
  [ -n "$left" ] && printf 'loose=%s' "\${left#,}"
}

other=0 unclaimed=
find_job
if [ $guarded = 0 ]; then
  for row in $(printf '%s ' "$found" | tr / ' '); do
    split "$row"
    add "$row"
    [ -n "$outlet" ] || set_outlet "$pid"
  done
fi
refused=' ' signal=
# From now on only what is not older than the job.
floor=$((self_start - oldest * ticks / 100 - 1))
end_politely
end_now
is_alive
alive=$(count $current) refusals=$(count $refused)
ended=$(($(count $members) - alive))
facts="processes=$ended guarded=$guarded"
[ $guarded = 1 ] || facts="$facts $(loose)"
[ "$refusals" -gt 0 ] && [ "$alive" -gt 0 ] && report refused signal=\${signal:-TERM} left=$alive $facts
[ "$alive" -gt 0 ] && report stuck signal=KILL left=$alive $facts
[ -n "$signal" ] || report over $facts
report ended signal=$signal $facts
`;
