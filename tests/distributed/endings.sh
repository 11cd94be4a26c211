#!/usr/bin/env bash
# endings.sh MPIRUN LAZULI_TESTS: jobs of which a rank comes too late, dies, ends early or disagrees (tests/distributed/endings_test.cpp). None may hang, and every rank that is left has an Error
# that says which rank, operation and what was expected.
set -uo pipefail
mpirun=$1 tests=$2
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# ending NAME RANKS STATUS LINES...: the job ends with STATUS (bad: any but 0) and prints the lines.
ending() {
  local name=$1 ranks=$2 expected=$3 status line
  shift 3
  timeout -k 5 50 "$mpirun" -np "$ranks" "$tests" "[$name]" >"$out" 2>&1
  status=$?
  case $expected:$status in
    *:124 | *:137) [ "$status" != 124 ] || fail "$name hung" ;;
    0:0) ;;
    bad:0 | 0:*) fail "$name ended with $status" ;;
  esac
  for line in "$@"; do
    grep -q -F -x -- "$line" "$out" || fail "$name: no line '$line'"
  done
}
fail() {
  echo "FAILED: $*"
  cat "$out"
  exit 1
}

late="barrier that rank 1 did not join within 1 s"
ending late 2 bad \
  "rank 0: barrier: expected every rank to take part within 1 s, got no answer from rank 1 (rank 0 of 2)" \
  "rank 1: barrier: expected every rank to take part, got rank 0, which gave up: $late (rank 1 of 2)" \
  "rank 0: all_reduce: expected a group whose operations all became complete, got $late (rank 0 of 2)" \
  "rank 1: all_reduce: expected every rank to take part, got rank 0, which gave up: $late (rank 1 of 2)"
ending stuck 2 bad "rank 0: barrier: expected every rank to take part within 1 s, got no answer from rank 1 (rank 0 of 2)"
for rank in 0 2 3; do dead+=("rank $rank: all_reduce: expected every rank to take part, got rank 1, whose process died (rank $rank of 4)" "rank $rank: came to its end"); done
ending dead 4 bad "${dead[@]}"
for rank in 1 2 3; do dead0+=("rank $rank: all_reduce: expected every rank to take part, got rank 0, whose process died (rank $rank of 4)" "rank $rank: came to its end"); done
ending dead0 4 bad "${dead0[@]}"
ending left 2 bad "rank 1: train: argument 'batch': expected examples, got none" \
  "rank 0: all_reduce: expected every rank to take part, got rank 1, whose process has ended (rank 0 of 2)"
for rank in 0 1; do
  for calls in "all_reduce: all_reduce(float32 [4], sum), call 1; rank 1: all_reduce(float32 [2, 3], sum), call 1" \
    "all_reduce: all_reduce(float32 [4], sum), call 2; rank 1: all_reduce(float64 [4], sum), call 2"; do
    mismatch+=("rank $rank: ${calls%%:*}: expected the same call on every rank, got rank 0: ${calls#*: } (rank $rank of 2)")
  done
done
mismatch+=("rank 0: broadcast: expected the same call on every rank, got rank 0: broadcast(float32 [4], from 0), call 3; rank 1: barrier(), call 3 (rank 0 of 2)"
  "rank 1: barrier: expected the same call on every rank, got rank 0: broadcast(float32 [4], from 0), call 3; rank 1: barrier(), call 3 (rank 1 of 2)")
ending mismatch 2 0 "${mismatch[@]}"
# Whether a rank finds it itself or is told first.
for call in ncclBroadcast ncclCommInitRank async; do
  export STAND_IN_NCCL_FAILS=$call
  ending nccl 2 bad
  for rank in 0 1; do
    grep -q -E "^rank $rank: broadcast: expected .*${call/async/NCCL}: the stand-in was told to fail \(rank $rank of 2\)$" "$out" || fail "nccl: rank $rank does not name $call"
  done
done
echo "every ending was told by every rank"
