#!/usr/bin/env bash
# Everything that needs a GPU, on a machine that has one and a carried build folder; compiles nothing but kernels:
#   scripts/gpu.sh [DEVICE]                 (cuda)
# BUILD        the build folder (build); its conformance, lazuli_tests, mlp_train and bench are used, each if it is there
# PACK         recorded cases (../shared/conformance);   FMNIST_DIR  Fashion-MNIST's IDX files
# PYTHON       one whose `import torch` works is run beside (python3)
# LIBS         a folder of shared objects that the machine lacks (BUILD/gpu_libs, where scripts/gpu.sh --carry put them)
# BUDGET       seconds in all (520); a step that would not fit is shortened or left out
# --carry      on the machine that builds: gathers the libraries that the programs need, beside the programs, and ends
# Written where there was no GPU: its steps were tried with other devices only, and nothing of the CUDA backend ever ran.
# Each step has its own limit and the next one runs whatever becomes of it. The last line says how it went; the exit status is 0 only if all passed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
libs=${LIBS:-$build/gpu_libs}
programs=("$build/tests/conformance" "$build/tests/lazuli_tests" "$build/examples/mlp_train" "$build/bench/bench")

if [ "${1:-}" = --carry ]; then
  mkdir -p "$libs"
  for p in "${programs[@]}"; do
    # The C library itself and what belongs to it are every machine's own.
    [ ! -x "$p" ] || ldd "$p" | awk '$3 ~ /^\// {print $3}' | grep -vE '/(libc|libm|libdl|libpthread|librt|ld-linux[^/]*)\.so'
  done | sort -u | xargs -r cp -Lt "$libs"
  du -sh "$libs"
  exit
fi

device=${1:-cuda}
pack=${PACK:-../shared/conformance}
python=${PYTHON:-python3}
export FMNIST_DIR=${FMNIST_DIR:-/usr/share/datasets/fashion-mnist}
export BENCH_WINDOW=${BENCH_WINDOW:-0.3} BENCH_REPEATS=${BENCH_REPEATS:-3} LAZULI_BINARY_DIR=${LAZULI_BINARY_DIR:-$build} LAZULI_SOURCE_DIR=${LAZULI_SOURCE_DIR:-.}
[ ! -d "$libs" ] || export LD_LIBRARY_PATH=$libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LAZULI_CACHE_DIR=${LAZULI_CACHE_DIR:-$(mktemp -d)}
results=$(mktemp)
end=$((SECONDS + ${BUDGET:-520}))
passed=0 problems=() skipped=()

# step NAME SECONDS COMMAND...: at most so long, and no longer than what is left
step() {
  local name=$1 limit=$2 began=$SECONDS status=0
  shift 2
  local left=$((end - SECONDS))
  [ "$left" -lt "$limit" ] && limit=$left
  if [ "$limit" -lt 5 ]; then
    skipped+=("$name (no time)")
    return
  fi
  echo "== $name (at most $limit s)"
  timeout -k 5 "$limit" "$@" || status=$?
  echo "== $name: status $status after $((SECONDS - began)) s"
  if [ $status = 0 ]; then passed=$((passed + 1)); else problems+=("$name"); fi
}
lines() { "$@" | tee -a "$results"; }
export -f lines
export results
skip() { skipped+=("$1"); echo "== $1: left out, $2"; }

if command -v nvidia-smi >/dev/null; then
  nvidia-smi --query-gpu=index,name,driver_version,memory.total,clocks.max.sm --format=csv
  name=$(nvidia-smi --query-gpu=name --format=csv,noheader | head -1)
fi

if [ -x "$build/tests/lazuli_tests" ]; then step "unit tests" 120 "$build/tests/lazuli_tests" "[gpu],[cuda]"; else skip "unit tests" "not built"; fi
for section in ops modules programs indexing; do
  limit=60
  [ $section != ops ] || limit=200  # compiles most kernels
  if [ ! -x "$build/tests/conformance" ]; then skip "conformance $section" "not built"
  elif [ ! -d "$pack" ]; then skip "conformance $section" "no $pack"
  else step "conformance $section" "$limit" "$build/tests/conformance" "$pack" --device "$device" --section $section; fi
done
if [ ! -x "$build/examples/mlp_train" ]; then skip mlp_train "not built"
elif [ ! -d "$FMNIST_DIR" ]; then skip mlp_train "no $FMNIST_DIR"
else step mlp_train 60 "$build/examples/mlp_train" --device "$device" --epochs 3 --data "$FMNIST_DIR"; fi

torch=
if "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then torch=yes; else skip "PyTorch" "$python has none that sees a GPU"; fi
for workload in matmul conv2d elementwise mlp_small mlp_fmnist op_overhead; do
  if [ $workload = mlp_fmnist ] && [ ! -d "$FMNIST_DIR" ]; then skip "bench $workload" "no $FMNIST_DIR"; continue; fi
  if [ -x "$build/bench/bench" ]; then step "bench $workload" 40 bash -c 'set -o pipefail; lines "$@"' - "$build/bench/bench" $workload --device "$device"; else skip "bench $workload" "not built"; fi
  [ -n "$torch" ] || continue
  step "PyTorch eager $workload" 40 bash -c 'set -o pipefail; lines "$@"' - "$python" bench/torch_gpu.py $workload
  [ $workload = op_overhead ] || step "PyTorch compiled $workload" 60 bash -c 'set -o pipefail; lines "$@"' - "$python" bench/torch_gpu.py $workload --variant compile
done
if [ -s "$results" ]; then "$python" bench/gpu_report.py "$results" "${name:-}" || cat "$results"; fi
rm -f "$results"

note="$passed steps passed in $SECONDS s"
[ ${#skipped[@]} = 0 ] || note+=", left out: $(IFS=';'; echo "${skipped[*]}")"
if [ ${#problems[@]} = 0 ] && [ $passed -gt 0 ]; then echo "gpu.sh: PASSED: $note"; exit 0; fi
echo "gpu.sh: FAILED: $(IFS=';'; echo "${problems[*]:-nothing ran}"), $note"
exit 1
