#!/usr/bin/env bash
# Runs a program on several processes and, when one of them goes down, again on one fewer from its last checkpoint: run_elastic.sh RANKS RESTARTS PROGRAM --save FILE [OPTIONS...]
# The program is one that takes --save and --resume, as the examples do. Options of mpirun itself: MPIRUN="mpirun --oversubscribe". Ends as the last run ended.
set -uo pipefail
[ $# -ge 3 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
ranks=$1 restarts=$2
shift 2
save=
for ((i = 1; i < $#; ++i)); do
  if [ "${!i}" = --save ]; then
    next=$((i + 1))
    save=${!next}
  fi
done
[ -n "$save" ] || { echo "run_elastic.sh: the program needs --save FILE to go on from" >&2; exit 2; }

for ((run = 0; ; ++run)); do
  resume=()
  [ ! -e "$save" ] || resume=(--resume "$save")
  ${MPIRUN:-mpirun} -np "$ranks" "$@" "${resume[@]}"
  status=$?
  [ $status != 0 ] && [ $run -lt "$restarts" ] && [ $status != 130 ] || exit $status
  [ "$ranks" -le 1 ] || ranks=$((ranks - 1))
  echo "run_elastic.sh: ended with $status; again on $ranks processes${save:+ from $save}" >&2
done
