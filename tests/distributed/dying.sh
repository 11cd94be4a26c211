#!/usr/bin/env bash
# dying.sh PROGRAM... --save FILE: as one of more than two processes, rank 1 of them is killed as soon as there is a new checkpoint.
"$@" &
child=$!
if [ "$OMPI_COMM_WORLD_SIZE" -gt 2 ] && [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then
  for ((i = 1; i < $#; ++i)); do
    next=$((i + 1))
    [ "${!i}" != --save ] || saved=${!next}
  done
  made() { stat -c %y "$saved" 2>/dev/null; }
  before=$(made)
  while kill -0 $child 2>/dev/null && [ "$(made)" = "$before" ]; do sleep 0.01; done
  kill -9 $child
fi
wait $child
