#!/usr/bin/env bash
# killed.sh MPIRUN LAZULI_TESTS COUNT: COUNT jobs (tests/distributed/job_test.cpp) each lose a rank, in turn in a backward, in an all_reduce and while a checkpoint is written, and are started again.
# None may hang, the other rank is told who died, each goes on from a whole checkpoint, and its losses are those of a job that lost nobody, to the last digit.
set -uo pipefail
mpirun=$1 tests=$2 count=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Ends with the job's status. The losses go to the file $1.
job() {
  local began=$SECONDS
  timeout -k 5 60 "$mpirun" -np 2 "$tests" "[job]" >"$folder/out" 2>"$folder/err"
  local status=$?
  [ $((SECONDS - began)) -lt 60 ] || fail "the job hung: $LAZULI_JOB_KILL"
  grep -h -o 'step [0-9]* loss .*' "$folder/out" >>"$1"
  return $status
}
fail() {
  echo "FAILED: $*"
  cat "$folder/out" "$folder/err"
  exit 1
}

export LAZULI_JOB_FOLDER=$folder/whole LAZULI_JOB_KILL=
job "$folder/expected" || fail "the job that loses nobody"
[ "$(wc -l <"$folder/expected")" = 24 ] || fail "24 steps were expected"

phases=(backward all_reduce checkpoint)
for ((i = 0; i < count; ++i)); do
  phase=${phases[i % 3]}
  # Steps 7, 11 and 15 have a checkpoint. Of a checkpoint's writing, another moment each time.
  step=$((7 + 4 * (i / 6 % 3))) rank=$((i / 3 % 2)) wait=0
  [ $phase = checkpoint ] && wait=$((i * 137 % 4000 + 1))
  export LAZULI_JOB_FOLDER=$folder/job LAZULI_JOB_KILL="$phase $step $rank $wait"
  rm -rf "$folder/job" "$folder/losses"
  ! job "$folder/losses" || fail "the job lost nobody: $LAZULI_JOB_KILL"
  grep -q "^rank $((1 - rank)): .*expected every rank to take part, got rank $rank, whose process died" "$folder/out" ||
    fail "the other rank was not told: $LAZULI_JOB_KILL"
  [ -e "$folder/job/model.sharded.json" ] || fail "no checkpoint: $LAZULI_JOB_KILL"
  export LAZULI_JOB_KILL=
  job "$folder/losses" || fail "the job did not go on after $phase $step $rank $wait"
  # What was done twice was done alike.
  sort -u -k 2n "$folder/losses" | diff - "$folder/expected" || fail "other losses after $phase $step $rank $wait"
done
echo "$count jobs lost a rank and went on"
